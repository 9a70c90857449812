"""The settings of ssh-mcp. Keys, hosts and users come from where `ssh` has them; few things need setting here."""

from infra_mcp_common.settings import Setting

CONFIG = Setting(
    "SSH_MCP_CONFIG",
    "the client configuration to use instead of ~/.ssh/config and /etc/ssh/ssh_config",
)
KNOWN_HOSTS = Setting("SSH_MCP_KNOWN_HOSTS", "the file of trusted host keys to use instead of ~/.ssh/known_hosts")
AGENT = Setting("SSH_AUTH_SOCK", "the socket of the ssh-agent", "Run: eval $(ssh-agent) and ssh-add")
LOCAL_ROOTS = Setting(
    "SSH_MCP_LOCAL_ROOTS",
    "local folders that uploads may read and downloads may write, separated by colons; "
    "default: the client's project folder, else the working directory",
)
SUDO_PASSWORD = Setting(
    "SSH_MCP_SUDO_PASSWORD",
    "the password that sudo asks for on the hosts",
    "Only needed where sudo is not passwordless.",
    secret=True,
)

SETTINGS = (CONFIG, KNOWN_HOSTS, AGENT, LOCAL_ROOTS, SUDO_PASSWORD)
