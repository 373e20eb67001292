"""The stores: one contract, and what each of them promises beyond it."""
