"""Real forwarding proxies on the loopback, HTTP and SOCKS5, that lead to stand-ins and nowhere else.

with (
    SoundCloudStandin(catalog) as soundcloud,
    HttpProxy(soundcloud.routes("SE"), country="SE", credentials=("ann", "s3cret")) as swedish,
    Socks5Proxy({**soundcloud.routes("DE"), "api.example.org:443": other.port}, country="DE") as german,
):
    YoutubeDL({"proxy": swedish.url, ...})            # http://ann:s3cret@127.0.0.1:PORT
    YoutubeDL({"proxy": german.url, ...})             # socks5h://127.0.0.1:PORT
    swedish.script(Mishap(kind=MishapKind.HANG_UP, host="*.sndcdn.com", times=2))
    german.die_after(3)                               # a fourth connection is hung up on, later ones refused
    german.revive()
    [(line.host, line.port, line.user, line.outcome, line.received_bytes) for line in swedish.history]
"""
