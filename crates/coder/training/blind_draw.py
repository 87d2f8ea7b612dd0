"""Draws the samples of the blind second coding: writes ids, sentences and spans, nothing of the coded columns.

    python3 crates/coder/training/blind_draw.py OUT

Seeded, so that the same corpus gives the same draw (24 November 2026: the corpus of commit a788a6b)."""
import os
import random
import sys

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
rng = random.Random(20261124)
C = "crates/coder/corpus/"
rows=[l.rstrip("\n").split("\t") for l in open(C+"pairs.tsv")]
h=rows[0]; rows=[dict(zip(h,r)) for r in rows[1:]]
rows=[r for r in rows if "direction" not in r["tags"].split(",") and "direction" not in r["tags"].split()]
CONC={"0811","0812","081","082","083","0831","0832","0833","0834","080"}
def stratum(r):
    if r["root"]=="YIELD":
        return "CONCEDE" if r["cameo"] in CONC and r["mode"]!="resign" else "RETREAT"
    return r["root"]
by={}
for r in rows: by.setdefault(stratum(r),[]).append(r)
used=set(); out=[]
for s in sorted(by):
    want=100 if s=="NONE" else 25
    pool=by[s][:]; rng.shuffle(pool)
    n=0
    for r in pool:
        if n==want: break
        if r["sentence"] in used: continue
        used.add(r["sentence"]); out.append(r); n+=1
rng.shuffle(out)
with open(OUT + "/blind.tsv","w") as f:
    f.write("id\tsentence\tsource\ttarget\n")
    for r in out: f.write("\t".join([r["id"],r["sentence"],r["source"],r["target"]])+"\n")
print(len(out))
# sentences: any event?
ev={}
for r in rows: ev.setdefault(r["sentence"],False); ev[r["sentence"]] |= r["root"]!="NONE"
yes=[s for s in ev if ev[s] and s not in used]
no=[l.split("\t") for l in open(C+"none.tsv").read().split("\n")[1:] if l]
ids={r["sentence"]:r["id"] for r in reversed(rows)}
rng.shuffle(yes); rng.shuffle(no)
pick=[]
for i in range(300):
    if rng.random()<0.5 and no: a=no.pop(); pick.append((a[0],a[1]))
    else: s=yes.pop(); pick.append((ids[s],s))
with open(OUT + "/blind_any.tsv","w") as f, open(OUT + "/any_key.tsv","w") as k:
    f.write("n\tsentence\n")
    for i,(a,s) in enumerate(pick): f.write(f"{i+1}\t{s}\n"); k.write(f"{i+1}\t{a}\n")
