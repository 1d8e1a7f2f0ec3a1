"""The command line: parse, call a workflow, render. Rendering decides nothing."""
