"""A Cloudflare API v4 on loopback that keeps Cloudflare's rules and goes wrong on demand.

Start with `FakeCloudflare` in `server`. It shares no code with the server it is there to test.
"""
