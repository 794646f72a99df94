"""劳动积分: personal accounts; issued on work or need, cancelled on consumption."""
