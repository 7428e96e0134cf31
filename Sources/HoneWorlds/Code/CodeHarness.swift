/// The Python that runs a task's tests and a model's program in two sandboxes of their own, so that neither sees the other.
///
/// Values travel as JSON with a tag for each type, and only values of plain types do: an object that compares as equal to everything stays where it was made.
enum CodeHarness {
    /// Turns values into JSON and back; part of both programs.
    private static let values = #"""
        import collections, json, sys

        class Uncarried(Exception):
            pass

        def pack(value, depth=0):
            if depth > 60:
                raise Uncarried("a value nested deeper than 60")
            kind = type(value)
            if value is None or kind is bool or kind is str:
                return value
            if kind is int:
                return {"i": hex(value)}
            if kind is float:
                return {"f": value.hex()}
            if kind is complex:
                return {"c": [value.real.hex(), value.imag.hex()]}
            if kind is bytes:
                return {"b": value.hex()}
            if kind is list:
                return [pack(one, depth + 1) for one in value]
            if kind is tuple:
                return {"t": [pack(one, depth + 1) for one in value]}
            if kind in (set, frozenset):
                return {"s" if kind is set else "z": sorted((pack(one, depth + 1) for one in value), key=json.dumps)}
            if kind in (dict, collections.OrderedDict, collections.defaultdict, collections.Counter):
                return {"d": [[pack(key, depth + 1), pack(one, depth + 1)] for key, one in value.items()]}
            if kind is range:
                return {"r": [hex(value.start), hex(value.stop), hex(value.step)]}
            if kind in (collections.deque, type({}.keys()), type({}.values()), type({}.items())):
                return [pack(one, depth + 1) for one in value]
            if kind in (map, filter, zip, reversed, enumerate, type(iter([])), type(one for one in [])):
                return {"n": [pack(one, depth + 1) for one, _ in zip(value, range(100000))]}
            raise Uncarried("a value of type " + kind.__name__)

        def unpack(value):
            if value is None or isinstance(value, (bool, str)):
                return value
            if isinstance(value, list):
                return [unpack(one) for one in value]
            (tag, held), = value.items()
            if tag == "i":
                return int(held, 16)
            if tag == "f":
                return float.fromhex(held)
            if tag == "c":
                return complex(*map(float.fromhex, held))
            if tag == "b":
                return bytes.fromhex(held)
            if tag == "t":
                return tuple(unpack(one) for one in held)
            if tag == "s":
                return {unpack(one) for one in held}
            if tag == "z":
                return frozenset(unpack(one) for one in held)
            if tag == "d":
                return {unpack(key): unpack(one) for key, one in held}
            if tag == "r":
                return range(*(int(one, 16) for one in held))
            if tag == "n":
                return iter([unpack(one) for one in held])
            raise ValueError(tag)

        """#

    /// Calls the model's functions: the only part that shares a process with what the model wrote. It is given calls, and no test.
    static let caller = values + #"""
        import os
        out = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        calls = json.load(sys.stdin)
        results = []
        space = {"__name__": "answer"}
        try:
            with open("answer.py", encoding="utf-8") as file:
                exec(compile(file.read(), "answer.py", "exec"), space)
            broken = None
        except BaseException as error:
            broken = type(error).__name__
        for name, given in calls:
            if broken is None:
                try:
                    places, words = unpack(given)
                    results.append([pack(space[name](*places, **words))])
                except Uncarried as error:
                    results.append("gives " + str(error))
                except KeyError as error:
                    results.append("has no " + name if name not in space else "KeyError")
                except BaseException as error:
                    results.append(type(error).__name__)
            else:
                results.append(broken)
        json.dump(results, out)
        out.close()
        """#

    /// Runs a task's tests on recorded results: lists the calls that are wanted where one is missing, else says which test fails first.
    ///
    /// In the first run nothing is recorded: each call gives something that takes part in everything, so that as many calls as possible come to light.
    static let tester = values + #"""
        import ast, builtins, random

        class Anything:
            def same(self, *places, **words):
                return self
            def __iter__(self):
                return iter(())
            def __bool__(self):
                return True
            def __float__(self):
                return 0.5
            def __index__(self):
                return 1
            def __len__(self):
                return 1
            def __hash__(self):
                return 1
            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                return self

        for name in ("call abs neg pos add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow round getitem and rand or ror").split():
            setattr(Anything, "__%s__" % name, Anything.same)
        for name in "eq ne lt le gt ge contains".split():
            setattr(Anything, "__%s__" % name, lambda self, other: True)
        Anything.__int__ = Anything.__index__

        class Wanted(BaseException):
            pass

        class Failed(BaseException):
            pass

        class Tolerant(ast.NodeTransformer):
            def visit_Assert(self, node):
                return tolerant([ast.copy_location(ast.Expr(node.test), node)])[0]

        def tolerant(body):
            made = []
            for node in body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
                    made.append(node)
                else:
                    handler = ast.ExceptHandler(type=ast.Name("Exception", ast.Load()), name=None, body=[ast.Pass()])
                    made.append(ast.Try(body=[node], handlers=[handler], orelse=[], finalbody=[]))
            return made

        task = json.load(sys.stdin)
        recorded = {}
        for name, given, result in task["recorded"]:
            recorded.setdefault(json.dumps([name, given]), []).append(result)
        first = not task["recorded"]
        wanted = []

        def stub(name):
            def called(*places, **words):
                if first:
                    try:
                        wanted.append([name, pack((list(places), words))])
                    except Uncarried:
                        pass
                    return Anything()
                given = pack((list(places), words))
                results = recorded.get(json.dumps([name, given]))
                if results is None:
                    wanted.append([name, given])
                    raise Wanted()
                result = results.pop(0) if len(results) > 1 else results[0]
                if isinstance(result, str):
                    # Tests may expect an error, which they catch by its type.
                    kind = getattr(builtins, result, None)
                    raise kind() if isinstance(kind, type) and issubclass(kind, Exception) else Failed(result)
                return unpack(result[0])
            return called

        def names(tree, space):
            made = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
            made |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
            made |= {one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)}
            made |= {(one.asname or one.name).split(".")[0] for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for one in node.names}
            called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
            return sorted(name for name in called - made if name not in space and not hasattr(builtins, name))

        random.seed(0)
        space = {"__name__": "tests"}
        exec(compile(task["setup"], "setup", "exec"), space)
        trees = [ast.parse(test) for test in task["tests"]]
        functions = task["functions"] or sorted({name for tree in trees for name in names(tree, space)})
        for name in functions:
            space[name] = stub(name)
        failed = None
        for number, tree in enumerate(trees):
            try:
                if first:
                    tree = ast.Module(body=tolerant(Tolerant().visit(tree).body), type_ignores=[])
                exec(compile(ast.fix_missing_locations(tree), "tests", "exec"), space)
            except Wanted:
                break
            except Failed as error:
                failed = [number, str(error)]
                break
            except BaseException as error:
                failed = [number, "" if isinstance(error, AssertionError) else type(error).__name__]
                break
        json.dump({"functions": functions, "wanted": wanted, "failed": failed}, sys.stdout)
        """#
}
