"""Download, transcode, measure, fingerprint, tag."""
