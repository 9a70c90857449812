"""An SSH host inside this process, on loopback. It needs Python and asyncssh, no sshd.

Commands run in a real shell with the host's folder as their home, and SFTP sees the same files by the same names. Like
OpenSSH it ignores the client's environment, signals the whole process group, and leaves a command running when its
connection is lost; what still runs is killed when the host closes.
"""
