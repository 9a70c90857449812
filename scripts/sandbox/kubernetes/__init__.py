"""A Kubernetes API server small enough to read: stateful, strict, and recording every request.

`cluster.Cluster` starts one on the loopback, with kwok-like controllers and the objects of `world`; the real kubectl
talks to it. `stub_kubectl` stands in for kubectl where the real one would need a container runtime (exec).
"""
