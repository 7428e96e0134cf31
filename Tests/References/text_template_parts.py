"""Small templates for text_templates.py: one for each thing that the language has, and random ones put together from its parts."""
import json, os, random

VARIABLES = {
    "a": 3, "b": -2, "f": 2.5, "big": 1e20, "small": 1.5e-7, "t": True, "n": None, "s": "Hello wide World", "e": "", "u": "Gr\u00fc\u00dfe \u4f60\u597d \U0001F44D",
    "l": [3, 1, 2, 1], "w": ["b", "A", "c", "a"], "d": {"x": 1, "y": [1, {"z": "deep"}], "items": 5}, "m": {"name": "Ann", "age": 3},
    "p": [{"name": "Bo", "age": 3, "tags": ["q"]}, {"name": "al", "age": 1}, {"name": "Cy", "age": 3}], "lines": " one\n\ntwo \n  three", "num": "42", "nested": [[1, 2], [3]], "q": "it's \"so\"\t\\",
}

PARTS = r"""
plain text|{{ a }} and {{ s }}|{{a}}{{b}}{{f}}|{{ n }} {{ t }} {{ false }} {{ none }} {{ True }} {{ None }}|{{ big }} {{ small }} {{ 1.0 }} {{ 100000000000000000.0 }} {{ 1e16 }} {{ 0.1 + 0.2 }} {{ 123456.789e3 }}
{{ l }} {{ w }} {{ d }} {{ nested }} {{ (1, 'x') }} {{ (1,) }} {{ () }} {{ {} }} {{ [] }} {{ {1: 2, 'a': none} }} {{ q }} {{ [q] }} {{ [u] }} {{ ['\x07\u200b\n'] }}
{{ missing }}x|{{ missing.y }}|{{ d.missing }}x|{{ d.missing.y }}|{{ n.y }}x|{{ missing + 1 }}|{{ missing ~ 1 }}|{{ missing == missing2 }} {{ missing != n }} {{ missing == n }}|{{ missing[0] }}|{{ missing() }}|{{ not missing }} {{ missing or 'z' }} {{ missing and 1 }}x
{{ a + 1 }} {{ a - 5 }} {{ a * 2 }} {{ a / 2 }} {{ a // 2 }} {{ b // 3 }} {{ a % 2 }} {{ b % 3 }} {{ a ** 2 }} {{ 2 ** -1 }} {{ -a }} {{ +a }} {{ - f }} {{ f // 1 }} {{ -f // 1 }} {{ -f % 2 }} {{ 7 // -2 }} {{ 7 % -2 }} {{ 7.5 % -2 }}
{{ 1 / 0 }}|{{ 1 // 0 }}|{{ 1 % 0 }}|{{ 'a' + 1 }}|{{ 1 + 'a' }}|{{ 'a' * 3 }} {{ 3 * 'ab' }} {{ 'a' * -1 }}x {{ [1] * 2 }} {{ 'a' * 2.0 }}|{{ true + true }} {{ true * 3 }} {{ 1 == true }} {{ 1 == 1.0 }} {{ '1' == 1 }}|{{ [1] + [2] }} {{ (1,) + (2,) }}|{{ [1] + (2,) }}|{{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 2 + 3 * 4 ~ 5 }}
{{ 'x' ~ 1 ~ none ~ 2.0 ~ [1] }}|{{ 1 < 2 }} {{ 1 < 2 < 3 }} {{ 3 > 2 > 2 }} {{ 1 <= 1 >= 1 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 != 2 }}|{{ 1 < 'a' }}|{{ none < 1 }}|{{ {} < {} }}
{{ 1 in l }} {{ 9 not in l }} {{ 'x' in d }} {{ 'ell' in s }} {{ '' in e }} {{ 1 in (1, 2) }} {{ 'q' in missing }}|{{ 1 in 'a' }}|{{ 1 in 5 }}|{{ [] in d }}|{{ 'a' in n }}
{{ not a }} {{ not not a }} {{ a and b }} {{ 0 or 'x' }} {{ none or false }} {{ '' and 1 }}x {{ not a in l }} {{ not (a == 3) }}|{{ 'y' if a else 'n' }} {{ 'y' if e }}x {{ 1 if 0 else 2 if 0 else 3 }} {{ ('a' if t) is defined }}|{{ ('a' if e).b }}
{{ l[0] }} {{ l[-1] }} {{ l[1:] }} {{ l[:-1] }} {{ l[::-1] }} {{ l[::2] }} {{ l[5:] }} {{ l[-3:-1] }} {{ l[3:0:-1] }} {{ l[-100:100] }} {{ l[:0] }} {{ s[0] }} {{ s[-5:] }} {{ s[::-1] }} {{ u[6:8] }} {{ u[::-1] }} {{ s[2:5:2] }} {{ (1,2,3)[1:] }}
{{ l[9] }}x|{{ l[9].x }}|{{ l['a'] }}x|{{ l[1.0] }}x|{{ s['upper']() }}|{{ d['items'] }} {{ d.items() | list }}|{{ d['x'] }} {{ d.x }} {{ d['y'][1]['z'] }} {{ d.y[1].z }} {{ d.y.1.z }} {{ nested[0][1] }} {{ nested.0.1 }}|{{ l[::0] }}|{{ d[[]] }}x|{{ n[0] }}x|{{ a[0] }}x|{{ a.b }}x|{{ l['a':] }}|{{ s[n:2] }}|{{ l[none:none:none] }}
{{ s.upper() }} {{ s.lower() }} {{ s.title() }} {{ s.capitalize() }} {{ s.swapcase() }} {{ u.upper() }} {{ u.title() }} {{ 'it\'s o\'neil x1y'.title() }} {{ "\u01c5\u03a3".lower() }} {{ 'ΑΣ'.lower() }} {{ 'ΑΣ Σ ΣΑ'.lower() }}
{{ ' x '.strip() }}| {{ ' x '.lstrip() }}|{{ ' x '.rstrip() }}| {{ 'xxaxx'.strip('x') }} {{ 'abcba'.strip('ab') }} {{ '\n\t x\u00a0'.strip() }}|{{ ' x '.strip(none) }}|{{ 'x'.strip(1) }}|{{ '\x1cx\x1f'.strip() }}
{{ s.split() }} {{ s.split(' ') }} {{ s.split('l', 1) }} {{ s.split('l', 2)[-1] }} {{ s.rsplit('l', 1) }} {{ s.rsplit(' ', 1)[0] }} {{ ''.split() }} {{ ''.split('x') }} {{ ' a  b '.split() }} {{ ' a  b '.split(' ') }} {{ ' a b c '.split(none, 1) }} {{ ' a b c '.rsplit(none, 1) }}|{{ s.split('') }}|{{ lines.splitlines() }} {{ 'a\r\nb\rc\u2028d\n'.splitlines() }} {{ 'a\nb\n'.splitlines(true) }}
{{ s.startswith('He') }} {{ s.endswith('ld') }} {{ s.startswith(('x', 'H')) }} {{ s.startswith('e', 1) }} {{ s.endswith('l', 0, 4) }} {{ s.startswith('') }}|{{ s.startswith(1) }}|{{ s.startswith(['H']) }}|{{ s.startswith() }}
{{ s.find('l') }} {{ s.rfind('l') }} {{ s.find('z') }} {{ s.find('l', 4) }} {{ s.count('l') }} {{ s.count('') }} {{ s.index('W') }} {{ u.find('好') }} {{ s.find('') }} {{ s.rfind('') }} {{ 'aaa'.count('aa') }} {{ s.count('l', 0, 4) }}|{{ s.index('z') }}|{{ s.rindex('l') }}
{{ s.replace('l', 'L') }} {{ s.replace('l', 'L', 1) }} {{ s.replace('', '-') }} {{ s.replace('l', '') }} {{ 'aaa'.replace('aa', 'b') }} {{ s.replace('H', 'J').replace('W', 'V') }}|{{ s.replace('a') }}|{{ s.replace(1, 'a') }}
{{ ', '.join(w) }} {{ ''.join('abc') }} {{ '-'.join([]) }}x|{{ ','.join(l) }}|{{ ','.join(1) }}|{{ '-'.join(d) }} {{ '+'.join(missing) }}x
{{ '5'.isdigit() }} {{ '²'.isdigit() }} {{ '²'.isdecimal() }} {{ '½'.isnumeric() }} {{ ''.isdigit() }} {{ 'aß'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' \t'.isspace() }} {{ ''.isspace() }} {{ 'AB1'.isupper() }} {{ 'ab1'.islower() }} {{ '1'.islower() }} {{ 'aB'.islower() }} {{ '你'.isalpha() }} {{ '_'.isalnum() }}
{{ '7'.zfill(3) }} {{ '-7'.zfill(4) }} {{ 'a'.ljust(3) }}| {{ 'a'.rjust(3, '.') }} {{ 'a'.center(4) }}| {{ 'ab'.center(5, '*') }} {{ 'abc'.center(2) }} {{ 'a-b-c'.partition('-') }} {{ 'a-b-c'.rpartition('-') }} {{ 'abc'.partition('x') }} {{ 'abc'.rpartition('x') }} {{ 'abc'.removeprefix('ab') }} {{ 'abc'.removesuffix('bc') }} {{ 'abc'.removeprefix('') }} {{ 'ÄÖ'.casefold() }}|{{ 'a'.center(3, 'xy') }}|{{ 'abc'.partition('') }}
{{ '{} {}'.format(1, 'a') }} {{ '{0}{1}{0}'.format('x', 2) }} {{ '{name}!'.format(name='Bo') }} {{ '{{}}'.format() }} {{ '{:>5}|{:<4}|{:^5}|{:05d}|{:.2f}|{:,}|{:x}|{:+d}|{:%}'.format('a', 'b', 'c', 42, 3.14159, 1234567, 255, 5, 0.25) }} {{ '{:*^7}'.format('mid') }} {{ '{:8.3f}|{:e}|{:g}'.format(3.14159, 1234.5, 0.0001) }} {{ '{}'.format(none) }} {{ '{:5}|{:5}'.format(3, 'x') }}|{{ '{}'.format() }}|{{ '{x}'.format() }}|{{ '{'.format() }}|{{ '{:d}'.format('a') }}
{{ '%s is %d' % ('x', 3) }} {{ '%s' % 1 }} {{ '%5.1f|%-5s|%05d|%x|%X|%o|%%|%c' % (3.14159, 'ab', 42, 255, 255, 8, 'z') }} {{ '%r' % 'a' }} {{ '%(k)s' % {'k': 1} }} {{ '%s' % [1] }} {{ '%+d % d' % (1, 2) }} {{ '%g %e' % (1e10, 12.5) }} {{ '%s' % missing }}x|{{ '%d' % 'a' }}|{{ '%s %s' % 1 }}|{{ '%s' % (1, 2) }}|{{ 'x' % () }}|{{ '%d' % 3.9 }}|{{ '%q' % 1 }}|{{ '%s' % {'a': 1} }}|{{ "%s-%s"|format('a', 1) }}
{{ d.get('x') }} {{ d.get('q') }} {{ d.get('q', 7) }} {{ d.keys() | list }} {{ d.values() | list }} {{ m.items() }} {{ m.keys() }} {{ m.values() }} {{ d.items() | length }} {{ d.keys()[0] }}x {{ m.copy() }}|{{ d.get() }}|{{ d.get([]) }}|{{ d.get('x', 1, 2) }}|{{ d.pop('x') }}|{{ d.update({}) }}|{{ l.append(1) }}|{{ l.pop() }}|{{ d.pop is defined }} {{ l.append is defined }} {{ l.append }}x|{{ l.index(1) }} {{ l.count(1) }} {{ l.copy() }} {{ (1,2).index(2) }}|{{ l.index(9) }}|{{ d.setdefault }}x|{{ m.name }} {{ m.age }} {{ d.items }}
{{ '__class__' in d }} {{ d.__class__ }}x|{{ s.__class__.__mro__ }}|{{ s.encode }}x
{{ s | upper }} {{ s|lower|title }} {{ 'hello-world foo(bar'|title }} {{ 'x y'|capitalize }} {{ n|upper }} {{ 5|upper }} {{ missing|upper }}x {{ [1]|upper }}|{{ ' x '|trim }}| {{ 'xxaxx'|trim('x') }} {{ missing|trim }}x {{ 5|trim }} {{ n|trim }}|{{ s|trim(chars='H') }}|{{ s|trim('a', 'b') }}
{{ l|length }} {{ s|count }} {{ d|length }} {{ u|length }} {{ missing|length }} {{ ()|length }}|{{ n|length }}|{{ 5|length }}|{{ (l|map('string'))|length }}|{{ range(5)|length }}
{{ l|join }} {{ l|join(', ') }} {{ p|join(', ', attribute='name') }} {{ 'abc'|join('-') }} {{ missing|join }}x {{ [1, none, 'x', 2.5]|join('/') }} {{ d|join(',') }}|{{ 5|join }}|{{ [missing]|join(',') }}x|{{ l|join(d=' ') }}
{{ l|first }} {{ l|last }} {{ s|first }} {{ s|last }} {{ []|first }}x {{ ''|last }}x {{ d|first }} {{ []|first is defined }}|{{ ([]|first).x }}|{{ l|map('string')|first }}|{{ l|map('string')|last }}|{{ missing|first }}x|{{ l|reverse|first }}
{{ l|sort }} {{ l|sort(reverse=true) }} {{ w|sort }} {{ w|sort(case_sensitive=true) }} {{ p|sort(attribute='name')|map(attribute='name')|list }} {{ p|sort(attribute='age,name')|map(attribute='name')|join }} {{ p|sort(attribute='age', reverse=true)|map(attribute='name')|join }} {{ 'cab'|sort }} {{ d|sort }}|{{ [1, 'a']|sort }}|{{ 5|sort }}|{{ [none]|sort }}
{{ l|unique|list }} {{ w|unique|list }} {{ ['a', 'A', 'b']|unique|list }} {{ ['a', 'A']|unique(true)|list }} {{ p|unique(attribute='age')|map(attribute='name')|list }}|{{ [[1],[1]]|unique|list }}
{{ l|min }} {{ l|max }} {{ w|min }} {{ w|max }} {{ w|max(case_sensitive=true) }} {{ p|max(attribute='age') }} {{ []|min }}x {{ []|max is defined }}|{{ [1, 'a']|min }}|{{ l|sum }} {{ p|sum(attribute='age') }} {{ l|sum(start=10) }} {{ []|sum }} {{ [1.5, 2]|sum }}|{{ ['a']|sum }}
{{ l|reverse|list }} {{ s|reverse }} {{ u|reverse }} {{ d|reverse|list }}|{{ l|list }} {{ 'abc'|list }} {{ d|list }} {{ missing|list }}|{{ 5|list }}|{{ n|list }}|{% for x in l|reverse %}{{ x }}{{ loop.length }}{% endfor %}
{{ w|map('upper')|list }} {{ p|map(attribute='name')|join(',') }} {{ p|map(attribute='tags', default=[])|list }} {{ p|map(attribute='tags.0', default='-')|list }} {{ l|map('string')|map('length')|list }} {{ ['1', 'x']|map('int', default=-1)|list }} {{ nested|map('first')|list }} {{ nested|map(attribute=0)|list }} {{ p|map(attribute='zz')|list }}|{{ l|map('nofilter')|list }}|{{ l|map|list }}|{{ p|map(attribute='a', foo=1)|list }}|{{ l|map('nofilter') is defined }}
{{ l|select('odd')|list }} {{ l|reject('odd')|list }} {{ [0, 1, '', 'x', none]|select|list }} {{ l|select('greaterthan', 1)|list }} {{ l|select('in', [1])|list }} {{ p|selectattr('tags')|map(attribute='name')|list }} {{ p|selectattr('age', 'equalto', 3)|map(attribute='name')|list }} {{ p|rejectattr('age', '==', 3)|map(attribute='name')|list }} {{ p|selectattr('tags', 'defined')|list|length }} {{ p|rejectattr('tags', 'undefined')|list|length }} {{ p|selectattr('name', 'in', ['Bo', 'Cy'])|list|length }}|{{ l|select('nope')|list }}|{{ p|selectattr|list }}
{% if p|selectattr('age', 'equalto', 99) %}generator is true{% endif %} {% if p|selectattr('age', 'equalto', 99)|list %}no{% else %}empty{% endif %}|{% set g = l|map('string') %}{% for x in g %}{{ x }}{% endfor %}-{% for x in g %}{{ x }}{% endfor %}|{% set g = l|map('string') %}{{ g[0] }}x{{ g is iterable }}{{ g is sequence }}{{ g is string }}
{{ missing|default('d') }} {{ n|default('d') }} {{ n|default('d', true) }} {{ e|default('d', boolean=true) }} {{ missing|d }}x {{ 0|d(5, true) }} {{ missing.x|default('d') }}|{{ d.q|default('d') }} {{ d.q.r|default('d') }}|{{ missing|default(default_value=3) }}
{{ '42'|int }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ '3.9'|int }} {{ f|int }} {{ n|int }} {{ t|int }} {{ '0x1F'|int(base=16) }} {{ ' 7 '|int }} {{ '1_000'|int }} {{ '101'|int(0, 2) }} {{ '-5'|int }} {{ ''|int }} {{ '1e3'|int }} {{ [] | int }} {{ 'nan'|int }}|{{ '1.5'|float }} {{ 'x'|float }} {{ 'x'|float(2.0) }} {{ 3|float }} {{ 'inf'|float }} {{ '1e-3'|float }} {{ n|float }} {{ '.5'|float }} {{ '5.'|float }} {{ '1_0.5'|float }}|{{ missing|int }}|{{ missing|float }}
{{ 2.5|round }} {{ 3.5|round }} {{ 2.567|round(2) }} {{ 2.5|round(method='ceil') }} {{ 2.51|round(1, 'floor') }} {{ 7|round }} {{ 1234|round(-2) }} {{ 1250|round(-2) }} {{ 2.675|round(2) }} {{ -2.5|round }} {{ 1e20|round }} {{ 0.5|round }} {{ 1.005|round(2) }} {{ 2|round(1) }}|{{ 2.5|round(method='up') }}|{{ 'a'|round }}|{{ -3|abs }} {{ b|abs }} {{ -2.5|abs }} {{ 0|abs }} {{ true|abs }}|{{ 'a'|abs }}
{{ d|tojson }} {{ s|tojson }} {{ n|tojson }} {{ t|tojson }} {{ f|tojson }} {{ 1.0|tojson }} {{ big|tojson }} {{ small|tojson }} {{ u|tojson }} {{ u|tojson(ensure_ascii=true) }} {{ q|tojson }} {{ '<&>\'\x7f\u2028'|tojson }} {{ (1, 2)|tojson }} {{ {1: 2, true: 3, none: 4, 1.5: 6}|tojson }} {{ []|tojson }} {{ {}|tojson }}|{{ missing|tojson }}|{{ l|map('string')|tojson }}|{{ {(1,2): 3}|tojson }}
{{ d|tojson(indent=2) }} {{ []|tojson(indent=2) }} {{ {'a': []}|tojson(indent=2) }} {{ d|tojson(indent='\t') }} {{ d|tojson(indent=0) }} {{ m|tojson(sort_keys=true) }} {{ d|tojson(separators=(',', ':')) }} {{ m|tojson(indent=1, separators=('; ', '=')) }} {{ {'b': 1, 'a': {'d': 1, 'c': 2}}|tojson(sort_keys=true, indent=2) }} {{ l|tojson(indent=none) }}|{{ d|tojson(foo=1) }}|{{ range(3)|tojson }}|{{ d.items()|tojson }}|{{ {'b':1, 2:3}|tojson(sort_keys=true) }}
{{ s|replace('l', 'L') }} {{ s|replace('l', 'L', 1) }} {{ 5|replace('5', '6') }} {{ s|replace('', '.') }} {{ 'aXbX'|replace('X', 'YY', count=1) }}|{{ s|replace('a') }}|{{ s|string|length }} {{ 5|string ~ 5 }} {{ n|string }} {{ l|string }}
{{ lines|indent }}| {{ lines|indent(2, true) }}| {{ lines|indent(2, blank=true) }}| {{ lines|indent('> ') }}| {{ 'x'|indent(2, first=true) }} {{ ''|indent }}x {{ 'a\n'|indent }}|{{ s|center(30) }}| {{ 'ab'|center(5) }}| {{ 'a'|center }}|{{ s|truncate(8) }} {{ s|truncate(8, true) }} {{ s|truncate(10, true, '!', 0) }} {{ s|truncate(15) }} {{ s|truncate(9, leeway=0) }} {{ s|wordcount }} {{ u|wordcount }} {{ 'a-b c_d'|wordcount }}|{{ s|truncate(2) }}
{{ m|dictsort }} {{ {'b': 1, 'A': 2}|dictsort }} {{ {'b': 1, 'A': 2}|dictsort(true) }} {{ {'b': 1, 'A': 2}|dictsort(by='value') }} {{ m|dictsort(reverse=true) }}|{{ m|dictsort(by='x') }}|{{ l|dictsort }}|{{ m|items|list }} {{ missing|items|list }}|{{ l|items|list }}|{% for k, v in m|items %}{{ k }}={{ v }};{% endfor %}
{{ p|groupby('age')|map(attribute='grouper')|list }} {% for g in p|groupby('age') %}{{ g.grouper }}:{{ g.list|map(attribute='name')|join(',') }};{% endfor %} {% for age, items in p|groupby('age') %}{{ age }}{{ items|length }}{% endfor %} {{ w|groupby(0)|length }}|{{ l|batch(2)|list }} {{ l|batch(3, '-')|list }} {{ l|slice(3)|list }} {{ l|slice(3, 0)|list }}|{{ l|batch(0)|list }}
{{ '<a&"\'>'|e }} {{ '<b>'|safe }} {{ m|attr('name') }}x {{ s|attr('upper')() }}|{{ s|attr('nope') }}x|{{ s|nofilter }}|{% if false %}{{ s|nofilter }}{% endif %}ok|{{ s|nofilter if false else 'ok' }}|{% for x in [] %}{{ s|nofilter }}{% endfor %}ok|{% if false %}{% for x in [] %}{{ s|nofilter }}{% endfor %}{% endif %}ok|{{ s is notest }}|{% if false %}{{ s is notest }}{% endif %}ok
{{ a is defined }} {{ missing is defined }} {{ missing is undefined }} {{ n is none }} {{ a is not none }} {{ a is number }} {{ t is number }} {{ t is boolean }} {{ a is integer }} {{ t is integer }} {{ f is float }} {{ s is string }} {{ d is mapping }} {{ l is mapping }} {{ l is sequence }} {{ s is sequence }} {{ d is sequence }} {{ a is sequence }} {{ l is iterable }} {{ a is iterable }} {{ s is iterable }} {{ n is iterable }} {{ missing is iterable }} {{ missing is sequence }} {{ missing is string }} {{ t is true }} {{ 1 is true }} {{ false is false }} {{ n is false }}
{{ a is odd }} {{ a is even }} {{ a is divisibleby 3 }} {{ a is divisibleby(2) }} {{ 4 is divisibleby 2 }} {{ a is eq 3 }} {{ a is equalto(3) }} {{ a is ne 3 }} {{ a is lt 4 }} {{ a is gt 4 }} {{ a is le 3 }} {{ a is ge 3 }} {{ a is in [3] }} {{ a is not in [3] }} {{ a is sameas 3 }} {{ n is sameas none }} {{ 'abc' is lower }} {{ 'ABC' is upper }} {{ s is lower }} {{ 'x' is filter }} {{ 'upper' is filter }} {{ 'odd' is test }} {{ range is callable }} {{ s.upper is callable }} {{ s is callable }} {{ 2.0 is odd }} {{ 's' is escaped }} {{ a is greaterthan 2 }} {{ a is lessthan 2 }}|{{ 'a' is odd }}|{{ a is divisibleby 0 }}|{{ n is odd }}|{{ a is eq }}|{{ a is defined(1) }}|{{ a is divisibleby }}
{{ a is defined and a > 2 }} {{ a is defined or missing }} {{ not a is defined }} {{ a is number and s is string }} {{ (a is number) == true }} {{ a is none or b is none }} {{ 3 if a is defined else 4 }} {{ a is eq 3 and b is lt 0 }}|{{ a is defined is true }}|{{ a is in l and 'x' }} {{ l is iterable and l is not string and l is not mapping }} {{ s|length is eq 16 }} {{ -1 is lt 0 }} {{ 'a' ~ 'b' is string }} {{ a + 1 is number }}|{{ -3|abs }} {{ -l[0] }} {{ (-3)|abs }} {{ 2 * 3|string }} {{ not e|length }} {{ s|upper ~ 'x'|upper }}
{% if a %}yes{% endif %}{% if e %}no{% else %}else{% endif %}{% if a == 1 %}1{% elif a == 3 %}3{% else %}x{% endif %}{% if n %}{% elif missing %}{% endif %}|{% if %}x{% endif %}|{% if a %}|{% endif %}|{% else %}|{% if a %}x{% endfor %}
{% for x in l %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}|{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}|{% for x in [] %}x{% else %}none{% endfor %}|{% for x in missing %}x{% else %}none{% endfor %}|{% for x in n %}{% endfor %}|{% for x in 5 %}{% endfor %}|{% for c in 'aü你' %}[{{ c }}]{% endfor %}|{% for k in d %}{{ k }};{% endfor %}|{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}|{% for a, b in nested %}{{ a }}{% endfor %}|{% for a, b in [(1, 2), [3, 4], 'xy'] %}{{ a }}{{ b }}{% endfor %}|{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for x in l if x > 1 %}{{ x }}{{ loop.index }}/{{ loop.length }};{% else %}no{% endfor %}|{% for x in l if x > 9 %}x{% else %}no{% endfor %}|{% for x in range(3) %}{{ x }}{% endfor %}|{% for x in range(5, 1, -2) %}{{ x }}{% endfor %}|{{ range(3) }} {{ range(1, 4) }} {{ range(0, 9, 3) }} {{ range(3)[1] }} {{ range(3)|list }} {{ 2 in range(3) }}|{{ range(100001)|length }}|{{ range(100000)|length }}|{{ range('a') }}|{{ range() }}|{{ range(0, 5, 0) }}|{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}|{% for x in l %}{{ loop.changed(x > 1) }};{% endfor %}|{% for x in l %}{{ loop.previtem }}<{{ x }}<{{ loop.nextitem }};{% endfor %}|{% for x in l %}{{ loop }}{% endfor %}|{{ loop }}x|{% for x in l %}{{ loop.nope }}{% endfor %}x
{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}|{% for x in l %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %}|{% for x in l %}{% break %}{% else %}no{% endfor %}x|{% for x in l %}{% for y in l %}{% if y == 1 %}{% break %}{% endif %}{{ y }}{% endfor %}{{ x }}{{ loop.index }};{% endfor %}|{% break %}|{% if a %}{% continue %}{% endif %}|{% for x in l %}{% set y = x %}{% continue %}{% endfor %}{{ y }}x
{% for i in [{'n': 1, 'c': [{'n': 2, 'c': []}, {'n': 3, 'c': [{'n': 4, 'c': []}]}]}] recursive %}{{ loop.depth }}:{{ i.n }}({{ loop(i.c) }}){% endfor %}|{% for i in l %}{{ loop(l) }}{% endfor %}|{% for x in l %}{% for y in nested %}{{ loop.index }}{{ y|length }}{% endfor %}{{ loop.index }};{% endfor %}
{% set x = 1 %}{{ x }}|{% set x, y = 1, 2 %}{{ x }}{{ y }}|{% set (x, y) = l[:2] %}{{ x }}{{ y }}|{% set x, y = l %}|{% set x %}block {{ a }}{% endset %}{{ x }}!{{ x|length }}|{% set x | upper | trim %} block {% endset %}{{ x }}!|{% set x = 1 %}{% for y in l %}{% set x = y %}{% endfor %}{{ x }}|{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}|{% for y in l %}{{ x }}{% set x = y %}{{ x }};{% endfor %}|{% set a = a + 1 %}{{ a }}|{% set x = 1, 2 %}{{ x }}|{% set x = (1) %}{{ x }}|{% set 5 = x %}|{% set x %}|{% set true = 1 %}|{% set a.b = 1 %}|{% set l[0] = 1 %}|{% set x = %}
{% set ns = namespace(x=1) %}{% for y in l %}{% set ns.x = ns.x + y %}{% endfor %}{{ ns.x }} {{ ns['x'] }} {{ ns.q }}x {{ ns.q is defined }}|{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}|{% set ns = namespace() %}{% set ns.l = [] %}{% for x in l %}{% set ns.l = ns.l + [x * 2] %}{% endfor %}{{ ns.l }}|{% set ns = namespace() %}{% set ns._x = 1 %}|{% set ns = namespace(_x=1) %}|{% set d.q = 1 %}|{% set missing.q = 1 %}|{% set ns = namespace(self=1) %}{{ ns.self }}|{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}|{{ dict(a=1, b='x') }} {{ dict({'q': 1}, z=2) }} {{ dict([('a', 1)]) }} {{ dict() }} {{ dict.fromkeys([1, 2], 0) }}|{{ dict(1) }}
{% macro m1(x, y='d', z=none) %}[{{ x }}|{{ y }}|{{ z }}]{% endmacro %}{{ m1(1) }}{{ m1(1, 2) }}{{ m1(y=5, x=4) }}{{ m1() }}{{ m1(z=3) }}|{% macro m1(x) %}{{ x }}{% endmacro %}{{ m1(1, 2) }}|{% macro m1(x) %}{{ x }}{% endmacro %}{{ m1(q=2) }}|{% macro m1(x) %}{{ x }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m1(1, 2, 3, q=4) }}|{% macro m1(x) %}{{ x }}{% endmacro %}{{ m1(1, x=2) }}|{% macro m1() %}{{ caller() }}{% endmacro %}{% call m1() %}body{% endcall %}|{% macro m1() %}{{ caller(1, 2) }}{% endmacro %}{% call(p, q) m1() %}{{ p }}{{ q }}{{ a }}{% endcall %}|{% macro m1() %}{{ caller is defined }}{% endmacro %}{{ m1() }}|{% macro m1() %}x{% endmacro %}{% call m1() %}y{% endcall %}|{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }}|{% macro m1() %}{% set inner = 1 %}{% endmacro %}{{ m1() }}{{ inner }}x|{{ f() }}{% macro f() %}x{% endmacro %}|{% set g = 1 %}{% macro f() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ f() }}|{% macro f() %}{{ late }}{% endmacro %}{% set late = 1 %}{{ f() }}|{% macro f(x, y=x) %}{{ y }}{% endmacro %}{{ f(3) }}|{% macro f(x=1, y) %}{% endmacro %}|{% macro f(x) %}{{ x|upper }}{% endmacro %}{{ f('a')|length }}{{ f('b') ~ f('c') }}|{{ f(*l) }}{% macro f(a) %}{% endmacro %}|{% macro f(a, b, c, d) %}{{ a }}{{ b }}{{ c }}{{ d }}{% endmacro %}{{ f(*l) }}{{ f(1, *[2, 3], d=4) }}{{ f(**{'a': 1, 'd': 4}) }}|{% macro f() %}a{% endmacro %}{{ f.name }}
{% filter upper %}abc {{ s }}{% endfilter %}|{% filter trim|length %}  abc  {% endfilter %}|{% with x = 1, y = 2 %}{{ x }}{{ y }}{% endwith %}{{ x }}z|{% with %}{% set q = 1 %}{% endwith %}{{ q }}x|{% with a = 1, b = a %}{{ b }}{% endwith %}|{% print a, b %}|{% raw %}{{ a }} {% if %}{% endraw %}|{%- raw -%} x {%- endraw -%} y|{# a comment #}x{#- trimmed -#} y|{# open|{{ open|{% open|{{ 'open }}|{{ a }|{{ a b }}|{{ }}|{{ (a }}|{{ a) }}|{{ [1, 2 }}|{{ {'a': } }}|{{ {'a' 1} }}|{{ a. }}|{{ a | }}|{{ a is }}|{{ 1.x }}|{% foo %}|{% include 'x' %}|{% extends 'x' %}|{% endif %}|{{ a $ b }}|{{ a ! b }}|{{ a; b }}
{% generation %}gen{% endgeneration %}|{% for x in l %}{% generation %}{{ x }}{% set y = x %}{% endgeneration %}{{ y }}{% endfor %}|{% generation %}x|{%- generation -%} x {%- endgeneration -%} y|{% for x in l %}{% generation %}{% break %}{% endgeneration %}{% endfor %}
{{ raise_exception('no') }}|{{ raise_exception() }}|{% if false %}{{ raise_exception('no') }}{% endif %}ok|{{ strftime_now('%Y-%m-%d %H:%M:%S %d %b %B %a %A %j %p %I %y %e %-d %-m %F %T %D %R %% %U %W %u %w %C %k %l %h %c %x %X') }}|{{ strftime_now(1) }}|{{ raise_exception }}|{% set j = joiner(', ') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}
{{ 'a' 'b' "c" }} {{ 'a\nb\tc\\d\'e\"f' }} {{ "\x41\u00e9\U0001F44D\101" }} {{ '\d' }} {{ "it's" }} {{ 'multi
line' }}|{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1.5e3 }} {{ 1e3 }} {{ 0 }} {{ 00 }} {{ 1_0.5 }}|{{ 007 }}|{{ 1.2.3 }}|{{ 'a'.0 }}x|{{ .5 }}|{{ 5. }}|{{ "a}}b" }} {{ '%}' }} {{ {'a': {'b': 1}} }} {{ {'a': {'b': 1}}['a']['b'] }} {{ [[1, 2], [3]] }} {{ [1, 2,] }} {{ (1, 2,) }} {{ {'a': 1,} }} {{ {'x': a}.x }} {{ [a, s][1] }} {{ (a) }} {{ ((a)) }} {{ a, b }} {{ a, }}
{{ true }} {{ True }} {{ TRUE }}x {{ none }} {{ None }} {{ NONE }}x {{ trueish }}x|{{ not }}|{{ in }}|{{ a if }}|{{ if }}|{{ and a }}|{{ or }}|{{ is }}|{{ a not b }}|{{ a not in l }}|{{ not in l }}|{{ a is not }}|{{ a is not not none }}|{{ l | }}|{{ l|first() }}|{{ l|join(',' }}|{{ l[ }}|{{ l[] }}|{{ l[1 }}|{{ s.upper( }}|{{ s.upper(1) }}|{{ s() }}|{{ 5() }}|{{ n() }}|{{ l|join(',', ) }}|{{ range(1, 2, ) | list }}|{{ f(a=1, 2) }}|{{ dict(a=1, a=2) }}
""".strip("\n")

WHITE = [
    "a\n{% if a %}\nb\n{% endif %}\nc\n", "a\n  {% if a %}\n  b\n  {% endif %}\n  c\n", "  {{ a }}\n  {{ b }}\n", "{% for x in l %}\n{{ x }}\n{% endfor %}\n", "{%- for x in l -%}\n{{ x }}\n{%- endfor -%}\n",
    "x {%- if a %} y {% endif -%} z", "x  {%+ if a %} y {% endif +%}\n z", "x\n  {%+ if a %}y{% endif %}", "  {# c #}  \n x", "a\n  {# c #}\nb", "a\n  {#- c -#}\nb", "a {{- b -}} c", "a\n\n  {{- b }}\n\n{{ a -}}\n\n c", "{{ a }}\n", "{{ a }}\n\n", "\n{{ a }}",
    "  {% set x = 1 %}  \n{{ x }}", "\t{% if a %}\n\t\tx\n\t{% endif %}\n", "a\r\n{% if a %}\r\nb\r\n{% endif %}\r\n", "a\r{{ b }}\r", "x{% if a %}\n\n\ny{% endif %}\n\n", "{% if a %}{% endif %}\n\nx", "  x{% if a %}\ny{% endif %}", "{{ '\n' }}\n x", "   {% raw %}\n x {{ y }}\n   {% endraw %}\n z",
    "a\n  {%- raw %}\n x\n  {%- endraw %}\nb", "\u00a0{% if a %}x{% endif %}", "{%if a%}x{%endif%}{{a}}{#c#}y", "{%-if a-%} x {%-endif-%}", "{{-a-}}", "{{- -a -}}", "{{ a -}} - {{- b }}", "{% if a -%}\n\n x {%- else -%} y {%- endif %}", "a {#- x #} b {# y -#} c", "{##}x{# #}", "{% if a %}\n  \n  x\n{% endif %}", "  \n  {% if a %}x{% endif %}\n  \n", "{{a}}  \n  {% if a %}x{% endif %}",
    "{% for x in l %}{{ x }}\n{% endfor %}\n", "{% set x %}\n a\n{% endset %}\n[{{ x }}]", "{% macro f() %}\n a\n{% endmacro %}\n[{{ f() }}]", "{% if a %} \n x{% endif %}", "{%+ if a +%}\n x{%+ endif +%}\n", "x {#+ c +#}\n y", "{% raw -%}\n x \n{%- endraw %}\n", "{% raw +%}x{% endraw %}", "{%+ raw %}x{% endraw +%}\ny",
]


def snippets():
    found = []
    for line in PARTS.replace("\\|", "\0").split("\n"):
        found.append(line)
    # A part may itself hold filters, so parts are divided at bars that follow the end of a tag or plain text, not inside tags.
    parts = []
    text = PARTS
    depth, start, quote = 0, 0, None
    index = 0
    while index < len(text):
        two = text[index:index + 2]
        if depth == 0 and two in ("{{", "{%", "{#"):
            depth, quote = 1, None
            index += 2
            continue
        if depth == 1 and two in ("}}", "%}", "#}"):
            depth = 0
            index += 2
            continue
        if depth == 0 and (text[index] == "|" or text[index] == "\n"):
            parts.append(text[start:index])
            start = index + 1
        index += 1
    parts.append(text[start:])
    # Unclosed tags swallow what follows them, so these are also cut at every bar followed by a tag.
    return [part for part in dict.fromkeys(parts + [p for line in text.split("\n") for p in line.split("|{")]) if part] + WHITE


class Random:
    """Random expressions and templates from the parts of the language."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *items):
        return self.r.choice(items)

    def atom(self):
        r = self.r
        return self.pick(*VARIABLES.keys(), "missing", "1", "0", "2.5", "-1", "'x'", "'a b'", "''", "true", "none", "[1, 2]", "['b', 'a']", "{'k': 1}", "(1, 2)", "range(3)", "d.y", "p[0]", "p[0].name", "'Hello'", "l[0]", "loop.index", "ns.v")

    def expression(self, depth=0):
        r = self.r
        if depth > 3 or r.random() < 0.25:
            return self.atom()
        e = lambda: self.expression(depth + 1)
        kind = r.randrange(14)
        if kind == 0: return f"{e()} {self.pick('+', '-', '*', '/', '//', '%', '~', '~', '+')} {e()}"
        if kind == 1: return f"{e()} {self.pick('==', '!=', '<', '>', '<=', '>=', 'in', 'not in')} {e()}"
        if kind == 2: return f"{e()} {self.pick('and', 'or')} {e()}"
        if kind == 3: return f"not {e()}"
        if kind == 4: return f"({e()})"
        if kind == 5: return f"{e()} if {e()} else {e()}"
        if kind in (6, 7): return f"{self.post(depth)}|{self.filter(depth)}"
        if kind == 8: return f"{self.post(depth)} is {self.pick('', 'not ')}{self.test(depth)}"
        if kind == 9: return f"{self.post(depth)}.{self.pick('upper()', 'strip()', 'split()', 'items()', 'x', 'name', 'get(' + e() + ')', 'keys()', 'title()', 'startswith(' + e() + ')', 'replace(' + e() + ', ' + e() + ')', 'join(' + e() + ')', 'split(' + e() + ')', '0', 'index', 'count(' + e() + ')', 'find(' + e() + ')', 'lower()', 'rstrip(' + e() + ')', 'format(' + e() + ')')}"
        # What Jinja does with slices of constants when it reads a template differs from what it does when it runs one.
        if kind == 10: return f"{self.post(depth)}[{self.pick(e(), '0', '-1', chr(39) + 'x' + chr(39))}]" if r.random() < 0.5 else f"{self.pick(*VARIABLES.keys())}[{self.pick('1:', ':-1', '::-1', e() + ':' + e(), ':2')}]"
        if kind == 11: return f"[{e()}, {e()}]"
        if kind == 12: return "{" + f"{self.pick(chr(39) + 'k' + chr(39), e())}: {e()}" + "}"
        return f"-{e()}" if r.random() < 0.3 else self.atom()

    def post(self, depth):
        return self.atom() if self.r.random() < 0.6 else f"({self.expression(depth + 1)})"

    def filter(self, depth):
        e = lambda: self.expression(depth + 1)
        return self.pick("upper", "lower", "trim", "length", "list", "first", "last", "join", "join(',')", "sort", "reverse", "string", "int", "float", "tojson", "default('d')", f"default({e()}, true)", "unique|list", "map('string')|list",
                         "map('upper')|join", "map(attribute='name')|list", "select('odd')|list", "select|list", "selectattr('age')|list", f"replace('a', {e()})", "title", "capitalize", "round", "abs", "sum", "min", "max", "items|list", "dictsort",
                         "batch(2)|list", "indent(2)", "tojson(indent=1)", "map('length')|list", f"join({e()})", "reverse|list", "map('first')|list", "rejectattr('tags', 'defined')|list", "count", "wordcount", "sort(reverse=true)", "truncate(4)", "groupby('age')|list|length", "slice(2)|list")

    def test(self, depth):
        return self.pick("defined", "undefined", "none", "string", "number", "mapping", "iterable", "sequence", "odd", "even", "true", "boolean", "integer", "float", f"eq {self.atom()}", f"in {self.atom()}", "lower", "upper", "callable", f"divisibleby {self.atom()}", f"lt {self.atom()}", f"sameas {self.atom()}")

    def template(self, depth=0):
        r = self.r
        out = ""
        for _ in range(r.randint(1, 3)):
            kind = r.randrange(10) if depth < 2 else r.randrange(4)
            o, c = self.pick(("{%", "%}"), ("{%", "%}"), ("{%-", "%}"), ("{%", "-%}"), ("{%-", "-%}"), ("{%+", "%}"))
            if kind < 2: out += self.pick("{{ ", "{{ ", "{{- ") + self.expression() + self.pick(" }}", " }}", " -}}")
            elif kind == 2: out += self.pick(" text ", "\n", "  \n  ", "x", "\n\n", "\t", "é")
            elif kind == 3: out += f"{o} set {self.pick('a', 'v', 's', 'ns.v', 'l')} = {self.expression()} {c}"
            elif kind == 4: out += f"{o} if {self.expression()} {c}{self.template(depth + 1)}{self.pick('', '{% else %}' + self.template(depth + 1), '{% elif ' + self.expression(2) + ' %}' + self.template(depth + 1))}{o} endif {c}"
            elif kind in (5, 6): out += f"{o} for {self.pick('x', 'x', 'v', 'k, v')} in {self.pick('l', 'w', 'p', 'd', 'd.items()', 'nested', 's', self.expression(2))}{self.pick('', '', ' if ' + self.expression(2))} {c}{self.template(depth + 1)}{self.pick('', '', '{% if ' + self.expression(3) + ' %}{% break %}{% endif %}', '{% else %}none')}{o} endfor {c}"
            elif kind == 7: out += f"{o} set v {c}{self.template(depth + 1)}{o} endset {c}" + "{{ v }}"
            elif kind == 8: out += f"{o} macro show(x, y=1) {c}{self.template(depth + 1)}{o} endmacro {c}" + "{{ show(" + self.expression(2) + ") }}"
            else: out += "{# c #}" + self.pick("\n", "", " ")
        return out


def made(seed, count):
    source = Random(seed)
    for _ in range(count):
        yield "{% set ns = namespace(v=0) %}" + source.template()


def unstable(text):
    """Whether a text has an address in it, which is another one every time."""
    return text is not None and (" at 0x" in text or "<function" in text or "<jinja2" in text or "<Macro" in text or "<Namespace" in text or "<LoopContext" in text)


def cases(rendered, templates):
    rows = []
    for template in templates:
        text = rendered(template, [], **VARIABLES)
        if not unstable(text) and (text is None or len(text) < 3000):
            rows.append([template, text])
    return rows


def mixed(rows, good, bad):
    """So many that render and so many that fail, in the order they came."""
    left = {True: good, False: bad}
    kept = []
    for row in rows:
        if left[row[1] is not None] > 0 and (row[1] is None or len(row[0]) + len(row[1]) < 700):
            left[row[1] is not None] -= 1
            kept.append(row)
    return kept


def write(rendered, folder):
    random_rows = mixed(cases(rendered, made(5, 2600)), 520, 160)
    out = {"variables": VARIABLES, "parts": cases(rendered, snippets()), "random": random_rows}
    with open(os.path.join(folder, "text_template_parts.json"), "w") as file:
        json.dump(out, file, ensure_ascii=True, separators=(",", ":"))


def fuzz(rendered, count, seed, path):
    with open(path, "w") as file:
        json.dump({"variables": VARIABLES, "parts": [], "random": cases(rendered, made(seed, count))}, file, ensure_ascii=True, separators=(",", ":"))
