"""Settings: cratelog.toml, then `.env`, then the environment, then flags, become one frozen value with its origins."""
