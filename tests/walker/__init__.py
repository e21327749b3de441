"""Random worlds of another client's writes, and an independent walk of packets through each of them."""
