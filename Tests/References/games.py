"""Random plays of OpenSpiel's games and of python-chess, written down for Tests/HoneGamesTests.

Usage: games.py [plays of each game] [seed] > Tests/HoneGamesTests/Fixtures/plays.json
Needs: open_spiel 2.0.2, chess 1.11. The committed file has 12 plays of each game (2 of chess) and seed 1.
A step is [who, legal moves (or, of more than eight, their number and digest), the move played, information states]: who is a seat, "chance" or "all"; for "all", moves are joined by "|" over the
seats. Information states are numbers: equal for equal texts of the other program, per game and seat. Where chance's moves are not equally likely, their odds in
millionths stand there, in the order of the moves' texts.
"""
import json, random, sys
import chess, pyspiel

PLAYS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
RNG = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
FILES = "abcdefghijklmnopqrstuvwxyz"


def square(column, row):
    return FILES[column] + str(row + 1)


def tic_tac_toe(state, player, action):
    return square(action % 3, 2 - action // 3)


def connect_four(state, player, action):
    return str(action + 1)


def hexagons(columns):
    return lambda state, player, action: square(action % columns, action // columns)


def nim(piles):
    return lambda state, player, action: f"{action % piles + 1}:{action // piles + 1}"


def breakthrough(rows):
    # The first player moves downwards there and upwards here.
    def text(state, player, action):
        name = state.action_to_string(player, action).rstrip("*")
        return name[0] + str(rows + 1 - int(name[1])) + name[2] + str(rows + 1 - int(name[3]))
    return text


def kuhn(players):
    ranks = "56789TJQK"
    def text(state, player, action):
        if state.is_chance_node():
            return ranks[len(ranks) - 1 - players + action]
        bet = 1 in state.history()[players:]
        return [["check", "bet"], ["fold", "call"]][bet][action]
    return text


def leduc(players):
    ranks = "TJQK"
    def text(state, player, action):
        if state.is_chance_node():
            return ranks[len(ranks) - 1 - players + action // 2] + "sh"[action % 2]
        return ["fold", "call" if 0 in state.legal_actions() else "check", "raise"][action]
    return text


def liars_dice(dice, faces):
    def text(state, player, action):
        if state.is_chance_node():
            return str(action + 1)
        return "liar" if action == 2 * dice * faces else f"{action // faces + 1}x{action % faces + 1}"
    return text


def plus_one(state, player, action):
    return str(action + 1)


def pig(state, player, action):
    return str(action + 1) if state.is_chance_node() else ["roll", "hold"][action]


def othello(state, player, action):
    return state.action_to_string(player, action)


COLOURS = {"R": "red", "Y": "yellow", "G": "green", "W": "white", "B": "blue"}


def hanabi(players):
    # Places count from 0 there, and other players from the one whose turn it is.
    def text(state, player, action):
        words = state.action_to_string(player, action).strip("()").split(" ")
        if words[0] == "Deal":
            return f"{COLOURS[words[1][0]]} {words[1][1]}"
        if words[0] in ("Play", "Discard"):
            return f"{words[0].lower()} {int(words[1]) + 1}"
        other = (player + int(words[2])) % players
        return f"hint {other} {COLOURS[words[4]]}" if words[3] == "color" else f"hint {other} rank {words[4]}"
    return text


# Name of the plays, OpenSpiel's game, how its actions are written here, whether information states are compared.
GAMES = [
    ("tic-tac-toe", "tic_tac_toe", tic_tac_toe, False),
    ("connect-four", "connect_four", connect_four, False),
    ("hex-3", "hex(board_size=3)", hexagons(3), False),
    ("hex-5", "hex(board_size=5)", hexagons(5), False),
    ("hex-11", "hex(board_size=11)", hexagons(11), False),
    ("nim", "nim(is_misere=False)", nim(4), False),
    ("nim-misere", "nim(is_misere=True)", nim(4), False),
    ("breakthrough", "breakthrough", breakthrough(8), False),
    ("breakthrough-small", "breakthrough(rows=5,columns=4)", breakthrough(5), False),
    ("kuhn-2", "kuhn_poker(players=2)", kuhn(2), True),
    ("kuhn-3", "kuhn_poker(players=3)", kuhn(3), True),
    ("leduc-2", "leduc_poker(players=2)", leduc(2), True),
    ("leduc-3", "leduc_poker(players=3)", leduc(3), True),
    ("liars-dice", "liars_dice(numdice=1,dice_sides=6)", liars_dice(1, 6), True),
    ("liars-dice-2", "liars_dice(numdice=2,dice_sides=3)", liars_dice(2, 3), True),
    # There, with bids shown, an information state holds hands and points but not the past, so that it is no perfect recall.
    ("goofspiel", "goofspiel(num_cards=4,points_order=descending)", plus_one, False),
    ("goofspiel-hidden", "goofspiel(num_cards=5,points_order=ascending,imp_info=True)", plus_one, True),
    ("goofspiel-random", "goofspiel(num_cards=4,players=3,points_order=random,imp_info=True,returns_type=point_difference)", plus_one, True),
    ("pig", "pig(players=2,winscore=20)", pig, False),
    ("pig-3", "pig(players=3,winscore=15,diceoutcomes=4)", pig, False),
    ("othello", "othello", othello, False),
    ("hanabi-lite", "hanabi(players=2,colors=2,ranks=3,hand_size=2,max_information_tokens=3,max_life_tokens=2)", hanabi(2), False),
    ("hanabi-full", "hanabi(players=3)", hanabi(3), False),
]
# Long plays, of which a third is made.
LONG = ("othello", "hanabi-full")


def digest(texts):
    """FNV-1a, 64 bits, of the sorted texts, each with a line break."""
    value = 0xCBF29CE484222325
    for byte in "".join(t + "\n" for t in sorted(texts)).encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:x}"


def listed(texts):
    """The moves, or the number and digest of more than eight, and of moves of several words."""
    return " ".join(texts) if len(texts) <= 8 and not any(" " in t for t in texts) else f"{len(texts)}:{digest(texts)}"


def pick(state, player, actions, text):
    """Any of the actions; of hanabi's the last life is saved where it can be, so that plays are long."""
    if text.__qualname__.startswith("hanabi") and not state.is_chance_node():
        lasts = [a for a in actions if not state.child(a).is_terminal() or sum(state.child(a).returns()) > 0]
        hints = [a for a in lasts if not text(state, player, a).startswith("play")]
        return RNG.choice(hints if hints and RNG.random() < 0.5 else lasts or actions)
    return RNG.choice(actions)


def play(game, text, ids, compares):
    state, steps = game.new_initial_state(), []
    def number(player):
        return ids.setdefault((player, state.information_state_string(player)), len(ids))
    while not state.is_terminal():
        if state.is_simultaneous_node():
            seats = range(game.num_players())
            legal = [[text(state, seat, a) for a in state.legal_actions(seat)] for seat in seats]
            chosen = [RNG.choice(state.legal_actions(seat)) for seat in seats]
            steps.append(["all", "|".join(listed(moves) for moves in legal), "|".join(text(state, s, chosen[s]) for s in seats),
                          [number(s) for s in seats] if compares else []])
            state.apply_actions(chosen)
            continue
        player = state.current_player()
        actions, odds = state.legal_actions(), []
        if state.is_chance_node():
            outcomes = state.chance_outcomes()
            actions = [a for a, _ in outcomes]
            if not all(abs(p - 1 / len(outcomes)) < 1e-12 for _, p in outcomes):
                odds = [round(p * 1e6) for _, p in sorted((text(state, player, a), p) for a, p in outcomes)]
        action = pick(state, player, actions, text)
        who = "chance" if state.is_chance_node() else player
        known = odds if who == "chance" else [number(player)] if compares else []
        steps.append([who, listed([text(state, player, a) for a in actions]), text(state, player, action), known])
        state.apply_action(action)
    return {"steps": steps, "returns": state.returns()}


def play_chess():
    board, steps = chess.Board(), []
    while True:
        outcome = board.outcome(claim_draw=False)
        ending = outcome.termination.name if outcome else None
        # Drawn here without a claim: the third occurrence and a hundred quiet moves.
        if ending is None or ending in ("FIVEFOLD_REPETITION", "SEVENTYFIVE_MOVES"):
            if board.is_repetition(3):
                ending = "REPETITION"
            elif board.halfmove_clock >= 100:
                ending = "FIFTY"
        if ending:
            return {"steps": steps, "ending": ending}
        moves = list(board.legal_moves)
        # Captures and pawn moves are made rarer, so that quiet draws and repetitions are met too.
        quiet = [m for m in moves if not board.is_zeroing(m)]
        move = RNG.choice(quiet if quiet and RNG.random() < 0.6 else moves)
        steps.append([board.fen(en_passant="legal"), len(moves), digest([m.uci() for m in moves] + [board.san(m) for m in moves]), board.san(move)])
        board.push(move)


result = {"openspiel": [], "chess": [play_chess() for _ in range(max(2, PLAYS // 6))]}
for name, spiel, text, compares in GAMES:
    game, ids = pyspiel.load_game(spiel), {}
    result["openspiel"].append({"name": name, "plays": [play(game, text, ids, compares) for _ in range(PLAYS // 3 if name in LONG else PLAYS)]})
json.dump(result, sys.stdout, separators=(",", ":"))
print()
