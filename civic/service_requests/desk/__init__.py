"""What officials' work needs beyond a single case: filters, templates, assignment, figures, webhooks."""
