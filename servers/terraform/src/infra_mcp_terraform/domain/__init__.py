"""What Terraform itself is about: plans, changes, states, diagnostics and what is secret in them."""
