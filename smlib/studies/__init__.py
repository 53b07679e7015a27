"""What the chapters try: experiments with their seeds, sizes and settings, nothing drawn."""
