"""The settings of proxmox-mcp: where the cluster is, who we are there, how we know it, what stays untouched."""

from infra_mcp_common.settings import Setting

HOST = Setting(
    "PROXMOX_HOST",
    "the Proxmox VE node to ask: name, name:port, URL or [IPv6]:port; several, separated by commas, for fail-over",
    "Any node of the cluster will do.",
)
PORT = Setting("PROXMOX_PORT", "the API's port where PROXMOX_HOST names none", default="8006")
TOKEN = Setting(
    "PROXMOX_API_TOKEN",
    "an API token as user@realm!id=secret",
    "Datacenter > Permissions > API Tokens, or on a node: pveum user token add USER@REALM mcp.",
    secret=True,
)
USER = Setting("PROXMOX_USER", "user@realm of the token, where it is not given as PROXMOX_API_TOKEN")
TOKEN_NAME = Setting("PROXMOX_TOKEN_NAME", "the token's id, with PROXMOX_USER")
TOKEN_VALUE = Setting("PROXMOX_TOKEN_VALUE", "the token's secret, with PROXMOX_USER", secret=True)
CA_FILE = Setting("PROXMOX_CA_FILE", "certificates to trust, as /etc/pve/pve-root-ca.pem copied from a node")
FINGERPRINT = Setting(
    "PROXMOX_FINGERPRINT",
    "SHA-256 fingerprints of the nodes' certificates, each as HOST=FINGERPRINT or for any host, separated by commas; "
    "trusted instead of any CA",
    "On a node: pvenode cert info.",
)
INSECURE = Setting("PROXMOX_INSECURE", "true trusts any certificate: whoever answers gets the token")
SSH = Setting(
    "PROXMOX_SSH",
    "how to log in to a node by ssh, as root@{node}; only used where a container's console can't be: pct exec then",
    "Host keys must be known and a key or agent must let you in; a user other than root needs sudo for pct.",
)
SSH_CONFIG = Setting("PROXMOX_SSH_CONFIG", "the ssh client configuration to use instead of ~/.ssh/config")
PROTECTED = Setting(
    "PROXMOX_PROTECTED",
    "guests never to delete, roll back, overwrite or turn into templates: ids, tag:NAME, pool:NAME, "
    "separated by commas",
)

SETTINGS = (
    HOST,
    PORT,
    TOKEN,
    USER,
    TOKEN_NAME,
    TOKEN_VALUE,
    CA_FILE,
    FINGERPRINT,
    INSECURE,
    SSH,
    SSH_CONFIG,
    PROTECTED,
)
