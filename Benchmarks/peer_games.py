"""OpenSpiel's side of `hone bench --games`: one JSON request per line in, one JSON answer per line out.

usage: peer_games.py serve

A request is {"mode": "random-python", "shape": "connect_four"}. Modes: random-python plays at random by Python over the wheel's states,
random-core by the rollouts of the core's tree search (from one move after the start); mcts-python and mcts-core are both search bots with 1,000
simulations; cfr-python and cfr-core both CFR+ solvers. Answers hold units per second. Needs open_spiel and numpy; see README.md beside this file.
"""
import json
import random
import sys
import time

import numpy as np
import pyspiel
from open_spiel.python.algorithms import cfr as python_cfr
from open_spiel.python.algorithms import mcts as python_mcts

SECONDS = 1.0
SIMULATIONS = 1000


def rate(work):
    """Units a second; work does some and returns how many."""
    units, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        units += work()
    return units / (time.perf_counter() - began)


def playout(game, source):
    state = game.new_initial_state()
    while not state.is_terminal():
        if state.is_chance_node():
            actions, odds = zip(*state.chance_outcomes())
            state.apply_action(source.choices(actions, odds)[0])
        else:
            state.apply_action(source.choice(state.legal_actions()))
    return 1


def first_decision(game):
    state = game.new_initial_state()
    while state.is_chance_node():
        state.apply_action(state.legal_actions()[0])
    return state


def measure(mode, name):
    game = pyspiel.load_game(name)
    kind, side = mode.rsplit("-", 1)
    if kind == "random":
        if side == "python":
            source = random.Random(7)
            return rate(lambda: playout(game, source))
        rollouts = 500
        bot = pyspiel.MCTSBot(game, pyspiel.RandomRolloutEvaluator(rollouts, 7), 2.0, 2, 1000, False, 42, False)
        return rate(lambda: (bot.mcts_search(first_decision(game)), 2 * rollouts)[1])
    if kind == "mcts":
        if side == "core":
            bot = pyspiel.MCTSBot(game, pyspiel.RandomRolloutEvaluator(1, 7), 2.0, SIMULATIONS, 1000, False, 42, False)
        else:
            source = np.random.RandomState(7)
            bot = python_mcts.MCTSBot(game, 2.0, SIMULATIONS, python_mcts.RandomRolloutEvaluator(1, source), solve=False, random_state=source)
        return rate(lambda: (bot.mcts_search(first_decision(game)), SIMULATIONS)[1])
    solver = pyspiel.CFRPlusSolver(game) if side == "core" else python_cfr.CFRPlusSolver(game)
    return rate(lambda: (solver.evaluate_and_update_policy(), 1)[1])


def main():
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"mode": request["mode"], "per_second": [measure(request["mode"], request["shape"])]}
        except Exception as error:  # the caller is told, and may ask something else
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
