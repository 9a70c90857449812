"""What is wrong with an inventory or a playbook before anything runs."""

from infra_mcp_common.errors import Conflict, InvalidInput, NotFound


class InventoryUnusable(InvalidInput):
    pass


class PlaybookBroken(InvalidInput):
    pass


class NobodyMatched(NotFound):
    pass


class PromptUnanswered(Conflict):
    pass
