"""What pages share: queries, charts, panels and wording."""
