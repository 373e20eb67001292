"""The transparency log: what lets a holder of an old checkpoint prove that nothing before it was altered."""
