"""Training labs: a broken world that is left for a trainee, with a ticket, hints and a check."""
