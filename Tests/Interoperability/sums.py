"""A tiny environment for the bridge: two digits are to be added; a wrong answer may be tried once more."""

import random


class Sums:
    seats = 1
    range = (0, 1)
    sum = None
    perfect_information = True
    instructions = None

    def reset(self, seed):
        chance = random.Random(seed)
        self.left, self.right = chance.randint(0, 9), chance.randint(0, 9)
        self.tries, self.paid = 0, 0.0

    def turn(self):
        return [] if self.paid or self.tries == 2 else [0]

    def ending(self):
        return "completed"

    def observe(self, seat):
        return f"{self.left}+{self.right}="

    def legal(self, seat):
        return None

    def information(self, seat):
        return f"{self.left} {self.right} {self.tries}"

    def step(self, moves):
        self.tries += 1
        if moves[0].strip() == str(self.left + self.right):
            self.paid = 1.0 if self.tries == 1 else 0.5

    def returns(self):
        return [self.paid]
