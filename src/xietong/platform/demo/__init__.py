"""示范国: Brazil of 2021 at 1 : 100,000, founded and lived in through the rooms' own actions."""
