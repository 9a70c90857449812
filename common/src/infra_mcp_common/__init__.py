"""What the infra-mcp servers share."""
