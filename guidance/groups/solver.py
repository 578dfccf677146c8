"""HiGHS, without a word on standard output. It takes memory, with numpy, so it is imported only by what composes."""

import highspy


class Solver(highspy.Highs):
    def enableCallbacks(self) -> None:
        # The constructor calls this, and it prints two lines about HiGHS: so the output is turned off first.
        self.silent()
        super().enableCallbacks()
