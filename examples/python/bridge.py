"""Makes environments of other packages worlds that Hone can play: lines of JSON on standard input and output (docs/bridges.md).

    hone eval MODEL --world 'cmd: python3 examples/python/bridge.py gymnasium:CartPole-v1'

What can be bridged: gymnasium:ID, textarena:ID, openspiel:GAME (each needs its package), and python:MODULE:CLASS for an environment of
your own: a class with the members of `Environment` below, made without arguments once for each play. Needs Python 3.9 or later.
"""

import argparse
import importlib
import json
import os
import random
import sys


class Illegal(Exception):
    """A move that the rules do not allow; `seat` made it."""

    def __init__(self, seat, message):
        super().__init__(message)
        self.seat = seat


class Environment:
    """What an environment has to have; those of your own may derive from it or only look like it."""

    seats = 1
    range = (-1e6, 1e6)  # the smallest and the largest return
    sum = None  # what all returns add up to, where that is fixed
    perfect_information = False
    instructions = None  # what a player reads before its first observation
    external = False  # whether chance is left to the other side (`chance` and `choose`)

    def reset(self, seed):
        """Begins a play; all chance in it comes from the seed."""
        raise NotImplementedError

    def turn(self):
        """The seats that move now; empty where the play is over."""
        raise NotImplementedError

    def ending(self):
        """How a play that is over ended: completed, or budget for a limit on its length."""
        return "completed"

    def observe(self, seat):
        """What the seat sees, as text."""
        raise NotImplementedError

    def legal(self, seat):
        """The moves of the seat as texts; None where they cannot be listed."""
        return None

    def information(self, seat):
        """A text equal for all states that the seat cannot tell apart; None where there is none."""
        return None

    def step(self, moves):
        """Plays the moves of all whose turn it is, from seat to text; raises Illegal for one that is not allowed."""
        raise NotImplementedError

    def returns(self):
        """What each seat got so far."""
        raise NotImplementedError


def spelled(value):
    """An observation as text: numbers with four digits, structures item by item."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return "; ".join(f"{key}: {spelled(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return " ".join(spelled(item) for item in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


class Gymnasium(Environment):
    """An environment of the Gymnasium API: https://gymnasium.farama.org"""

    names = {"CartPole": ["left", "right"], "MountainCar": ["left", "stay", "right"], "FrozenLake": ["left", "down", "right", "up"]}

    def __init__(self, name):
        gymnasium = package("gymnasium", "gymnasium")
        try:
            self.env = gymnasium.make(name)
        except Exception as error:
            give_up(f"gymnasium has no environment {name!r} that works here: {error}")
        space = self.env.action_space
        self.actions = None
        if hasattr(space, "n"):
            first = int(getattr(space, "start", 0))
            family = name.split("/")[-1].split("-")[0]
            texts = self.names.get(family, [])
            numbers = range(first, first + int(space.n))
            self.actions = dict(zip(texts if len(texts) == len(numbers) else map(str, numbers), numbers))
        elif not hasattr(space, "shape"):
            give_up(f"the moves of {name!r} are {space}, which cannot be written as numbers")

    def reset(self, seed):
        self.seen, _ = self.env.reset(seed=seed)
        self.env.action_space.seed(seed)
        self.total, self.over, self.truncated = 0.0, False, False

    def turn(self):
        return [] if self.over else [0]

    def ending(self):
        return "budget" if self.truncated else "completed"

    def observe(self, seat):
        return spelled(self.seen)

    def legal(self, seat):
        return list(self.actions) if self.actions else None

    def step(self, moves):
        text = moves[0].strip()
        if self.actions:
            action = self.actions[text]
        else:
            import numpy

            space = self.env.action_space
            try:
                action = numpy.array([float(word) for word in text.split()], dtype=space.dtype).reshape(space.shape)
            except ValueError:
                raise Illegal(0, f"{text[:40]!r} is not as many numbers as {space} takes") from None
            if not space.contains(action):
                raise Illegal(0, f"{text[:40]!r} is outside {space}")
        self.seen, reward, ended, truncated, _ = self.env.step(action)
        self.total += float(reward)
        self.over, self.truncated = bool(ended or truncated), bool(truncated and not ended)

    def returns(self):
        return [self.total]


class TextArena(Environment):
    """A game of TextArena: https://github.com/LeonGuertler/TextArena"""

    range = (-1.0, 1.0)

    def __init__(self, name, seats):
        self.arena = package("textarena", "textarena")
        self.name, self.seats = name, seats
        try:
            self.env = self.arena.make(name)
        except Exception as error:
            give_up(f"textarena has no game {name!r} that works here: {error}")

    def reset(self, seed):
        random.seed(seed)
        self.env.reset(num_players=self.seats, seed=seed)
        self.generator = random.getstate()
        self.said, self.shown = {}, {}
        self.over, self.rewards = False, [0.0] * self.seats
        self.look()

    def look(self):
        self.seat, text = self.env.get_observation()
        # A player is shown all that was said to it; what it has seen before is left out.
        before = self.said.get(self.seat, "")
        self.shown[self.seat] = (text[len(before):] if text.startswith(before) else text).lstrip("\n")
        self.said[self.seat] = text

    def turn(self):
        return [] if self.over else [self.seat]

    def observe(self, seat):
        return self.shown.get(seat, "") + "\n"

    def step(self, moves):
        # Games draw from the one generator of Python's random module, so each play puts its own back there.
        random.setstate(self.generator)
        self.over, _ = self.env.step(action=moves[self.seat].strip())
        self.generator = random.getstate()
        if self.over:
            rewards, _ = self.env.close()
            self.rewards = [float((rewards or {}).get(seat, 0)) for seat in range(self.seats)]
        else:
            self.look()

    def returns(self):
        return self.rewards


class OpenSpiel(Environment):
    """A game of OpenSpiel: https://github.com/google-deepmind/open_spiel"""

    def __init__(self, name):
        self.spiel = package("pyspiel", "open_spiel")
        try:
            self.game = self.spiel.load_game(name)
        except Exception as error:
            give_up(f"OpenSpiel has no game {name!r}: {error}")
        kind = self.game.get_type()
        self.seats = self.game.num_players()
        self.range = (self.game.min_utility(), self.game.max_utility())
        self.sum = self.game.utility_sum()
        self.perfect_information = kind.information == self.spiel.GameType.Information.PERFECT_INFORMATION
        self.shows_information = kind.provides_information_state_string
        self.shows_observation = kind.provides_observation_string

    def reset(self, seed):
        self.state, self.random = self.game.new_initial_state(), random.Random(seed)
        self.draw()

    def draw(self):
        while self.state.is_chance_node() and not self.external:
            actions, weights = zip(*self.state.chance_outcomes())
            self.state.apply_action(self.random.choices(actions, weights)[0])

    def chance(self):
        if not (self.external and self.state.is_chance_node()):
            return None
        return [(self.text(self.state.current_player(), action), probability) for action, probability in self.state.chance_outcomes()]

    def choose(self, move):
        texts = [text for text, _ in self.chance()]
        self.state.apply_action(self.state.chance_outcomes()[texts.index(move)][0])

    def text(self, player, action):
        return self.state.action_to_string(player, action)

    def turn(self):
        if self.state.is_terminal() or self.state.is_chance_node():
            return []
        return list(range(self.seats)) if self.state.is_simultaneous_node() else [self.state.current_player()]

    def observe(self, seat):
        if self.shows_observation and (self.perfect_information or not self.shows_information):
            return self.state.observation_string(seat)
        return self.information(seat) or str(self.state)

    def information(self, seat):
        return self.state.information_state_string(seat) if self.shows_information else None

    def legal(self, seat):
        return [self.text(seat, action) for action in self.state.legal_actions(seat)]

    def step(self, moves):
        actions = {seat: self.state.legal_actions(seat)[self.legal(seat).index(move.strip())] for seat, move in moves.items()}
        if len(actions) > 1 or self.state.is_simultaneous_node():
            self.state.apply_actions([actions.get(seat, 0) for seat in range(self.seats)])
        else:
            self.state.apply_action(next(iter(actions.values())))
        self.draw()

    def returns(self):
        return list(self.state.returns())


class Alone(Environment):
    """A game for several, played against players that choose evenly among the moves listed."""

    def __init__(self, inner, seat):
        if not 0 <= seat < inner.seats:
            give_up(f"--against-random {seat}: the game has the seats 0 to {inner.seats - 1}")
        self.inner, self.seat = inner, seat
        self.range, self.instructions, self.perfect_information = inner.range, inner.instructions, inner.perfect_information

    def reset(self, seed):
        self.random = random.Random(f"others {seed}")
        self.inner.reset(seed)
        self.others({})

    def others(self, moves):
        while True:
            for seat in self.inner.turn():
                if seat != self.seat:
                    legal = self.inner.legal(seat)
                    if not legal:
                        raise RuntimeError("the game lists no moves, so nobody can choose among them; leave out --against-random")
                    moves[seat] = self.random.choice(legal)
            if self.seat in self.inner.turn() and self.seat not in moves or not self.inner.turn():
                return
            self.inner.step(moves)
            moves = {}

    def turn(self):
        return [0] if self.inner.turn() else []

    def ending(self):
        return self.inner.ending()

    def observe(self, seat):
        return self.inner.observe(self.seat)

    def legal(self, seat):
        return self.inner.legal(self.seat)

    def information(self, seat):
        return self.inner.information(self.seat)

    def step(self, moves):
        self.others({self.seat: moves[0]})

    def returns(self):
        return [self.inner.returns()[self.seat]]


def give_up(sentence):
    # One line, which Hone quotes as the last words; some packages explain themselves on many.
    print(" ".join(sentence.split())[:400], file=sys.stderr)
    sys.exit(2)


def package(module, name):
    """The module, or the end with a sentence that says what to install."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if error.name in (module, None):
            give_up(f"the Python package {name!r} is not installed in {sys.executable}; install it with: {sys.executable} -m pip install {name}")
        give_up(f"the Python package {name!r} cannot be imported: {error}")


def maker(options):
    """A function that makes an environment of the kind that was asked for."""
    kind, _, name = options.environment.partition(":")
    if kind == "gymnasium" and name:
        make = lambda: Gymnasium(name)
    elif kind == "textarena" and name:
        make = lambda: TextArena(name, options.seats)
    elif kind == "openspiel" and name:
        make = lambda: OpenSpiel(name)
    elif kind == "python" and ":" in name:
        module, _, attribute = name.partition(":")
        sys.path.insert(0, os.getcwd())
        try:
            make = getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            give_up(f"python:{name} cannot be loaded: {error}")
    else:
        give_up(f"{options.environment!r} is no environment; expected gymnasium:ID, textarena:ID, openspiel:GAME or python:MODULE:CLASS")
    return make if options.against_random is None else lambda: Alone(make(), options.against_random)


class Bridge:
    """Answers lines, each session with an environment of its own."""

    def __init__(self, options):
        self.make, self.range = maker(options), options.range
        self.spare, self.plays = self.make(), {}

    def answer(self, line):
        operation, session = line.get("op"), line.get("session")
        if operation == "card":
            card = {"seats": self.spare.seats, "range": list(self.range or self.spare.range), "sessions": True}
            card.update(perfectInformation=bool(self.spare.perfect_information), sum=getattr(self.spare, "sum", None))
            return {**card, "instructions": getattr(self.spare, "instructions", None)}
        if operation == "close":
            self.spare = self.plays.pop(session, self.spare)
            return {}
        if operation == "reset":
            play, self.spare = self.plays.get(session) or self.spare or self.make(), None
            play.external = line.get("chance") == "external"
            if play.external and not hasattr(play, "chance"):
                raise ValueError("chance cannot be left to the other side here; set the world's chance to internal")
            play.reset(line.get("seed", 0))
            self.plays[session] = play
            return self.described(play)
        play = self.plays.get(session)
        if play is None:
            raise ValueError("there is no play yet; begin one with reset")
        if operation == "step":
            moves = {int(seat): move for seat, move in line["moves"].items()}
            for seat in sorted(moves):
                legal = play.legal(seat)
                if legal is not None and moves[seat].strip() not in legal:
                    raise Illegal(seat, f"{moves[seat][:40]!r} is not allowed; allowed: {', '.join(legal[:20])}")
            play.step(moves)
        elif operation == "chance":
            play.choose(line["move"])
        else:
            raise ValueError(f"there is no operation {operation!r}")
        return self.described(play)

    @staticmethod
    def described(play):
        seats = play.turn()
        chance = play.chance() if play.external else None
        if chance:
            turn = {"chance": [{"move": move, "probability": probability} for move, probability in chance]}
        else:
            turn = {"seats": seats} if seats else {"over": play.ending()}
        legal = {str(seat): play.legal(seat) for seat in seats}
        known = {str(seat): play.information(seat) for seat in seats}
        return {
            "turn": turn,
            "observations": {str(seat): play.observe(seat) for seat in seats},
            "legal": {seat: moves for seat, moves in legal.items() if moves is not None},
            "information": {seat: text for seat, text in known.items() if text is not None},
            "returns": [float(value) for value in play.returns()],
        }


def main():
    parser = argparse.ArgumentParser(description="Makes an environment a world that Hone can play.")
    parser.add_argument("environment", help="gymnasium:ID, textarena:ID, openspiel:GAME or python:MODULE:CLASS")
    parser.add_argument("--range", type=float, nargs=2, metavar=("LOW", "HIGH"), help="the smallest and the largest return, where the environment does not say")
    parser.add_argument("--seats", type=int, default=2, help="how many play a TextArena game")
    parser.add_argument("--against-random", type=int, metavar="SEAT", help="play this seat alone; the others choose evenly among the moves listed")
    options = parser.parse_args()
    # What environments print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    bridge = Bridge(options)
    for text in sys.stdin.buffer:
        line = {}
        try:
            line = json.loads(text)
            answer = bridge.answer(line)
        except Illegal as error:
            answer = {"error": {"message": str(error), "illegal": error.seat}}
        except Exception as error:
            answer = {"error": {"message": f"{type(error).__name__}: {error}"}}
        if isinstance(line, dict) and "id" in line:
            answer["id"] = line["id"]
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
