"""What protects a cluster and its Secrets: refusals, previews, masking."""
