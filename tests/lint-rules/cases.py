# SPDX-License-Identifier: GPL-3.0-or-later
"""A table that trips each rule of metapool lint, and one that does not.

CASES[ID] = (options, table that trips it, row of the finding, its column, table that does not).
Rows count from 1; None where the finding has no row or column.
"""

COUNTS = "--measure PLO --events x --n n --study s"
PAIRS = "--measure OR --events1 x1 --n1 n1 --events2 x2 --n2 n2 --study s"
READY = "--yi y --ci-lower lo --ci-upper up"
RATIO = "--measure OR --estimate y --ci-lower lo --ci-upper up"
MEANS = "--measure MD --mean1 m1 --sd1 s1 --n1 n1 --mean2 m2 --sd2 s2 --n2 n2 --study s"
STANDARD = MEANS.replace("MD", "SMD")
ONE = "--measure MN --mean m --sd sd --n n"


def terminal(step):
    """200 different whole numbers that end in multiples of a step."""
    return "v,w\n" + "".join(f"{1000 + (7919 * i % 900) * 10 + step * i % 10},{i}\n"
                             for i in range(200))


def groups(*labels):
    return "group,v\n" + "".join(f"{label},{i}.5\n" for i, label in enumerate(labels))


FINE = "s,x,n\nAdams 2001,12,80\nBaker 2004,31,145\nClark 2009,7,62\n"
TWO = "s,x1,n1,x2,n2\nAdams 2001,12,80,20,81\nBaker 2004,31,145,44,150\nClark 2009,7,62,9,60\n"
BOTH = ("s,m1,s1,n1,m2,s2,n2\nAdams,24.1,5.2,40,22.0,5.6,41\nBaker,26.3,6.1,55,23.9,5.4,52\n"
        "Clark,23.8,4.9,31,22.5,5.1,30\nDavis,25.2,5.8,62,23.1,5.5,60\n")

CASES = {
    "L001": ("", "s,n,n\nA,1,2\nB,3,5\n", None, "n (3)", "s,n,m\nA,1,2\nB,3,5\n"),
    "L002": ("", "s,n,\nA,1,2\nB,3,5\n", None, "column 3", "s,n,m\nA,1,2\nB,3,5\n"),
    "L003": ("", "s,n\nA,1\nB,1,234\nC,3\n", None, None, "s,n\nA,1\nB,\"2\"\nC,3\n"),
    "L004": ("", "s,n\nA,\nB,NA\nC,.\n", None, "n", "s,n\nA,\nB,2\nC,.\n"),
    "L005": ("", "s,n\nA,40\nB,40\nC,40\n", None, "n", "s,n\nA,40\nB,40\nC,41\n"),
    "L006": (COUNTS, FINE.replace("7,62", "70,62"), 3, "x", FINE),
    "L101": ("", "s,age\nA,5-9\nB,2-Jan\nC,10-14\n", 2, "age",
             "s,seen\nA,2-Jan\nB,3-Feb\nC,14-Mar\n"),
    "L102": ("", "s,year\nA,2004\nB,38353\nC,2011\n", 2, "year",
             "s,year\nA,2004\nB,2005\nC,2011\n"),
    "L103": ("", "s,n\nA,80\nB,\"1,234\"\nC,62\n", 2, "n", "s,n\nA,80\nB,1234\nC,62\n"),
    "L104": ("", "s;v\nA;0.5\nB;0,61\nC;0.7\n", 2, "v", "s;v\nA;0.5\nB;0.61\nC;0.7\n"),
    "L105": ("", "s,v\nA,12\nB,13%\nC,9\n", 2, "v", "s,v\nA,12\nB,13\nC,9\n"),
    "L106": ("", "s,p\nA,0.2\nB,<0.001\nC,0.04\n", 2, "p", "s,p\nA,0.2\nB,0.0004\nC,0.04\n"),
    "L107": ("", "s,n\nA,80\nB,NR\nC,62\n", 2, "n", "s,n\nA,80\nB,\nC,62\n"),
    "L108": ("", "s,n\nA,80\nB,12O mg\nC,62\n", 2, "n", "s,n\nA,80\nB,120\nC,62\n"),
    "L109": ("", "s,v\nA,80\nB,#DIV/0!\nC,62\n", 2, "v", "s,v\nA,80\nB,\nC,62\n"),
    "L110": ("", "s,y\nA,0.2\nB,\u22120.3\nC,\u20130.1\n", 2, "y", "s,y\nA,0.2\nB,-0.3\nC,-0.1\n"),
    "L111": ("", "s,n\nA,80\nB,-99\nC,62\nD,31\nE,70\n", 2, "n",
             "s,d\nA,80\nB,-99\nC,-62\nD,31\nE,70\n"),
    "L112": ("", "s,v\nA,80\nB,1e400\nC,62\n", 2, "v", "s,v\nA,80\nB,1e300\nC,62\n"),
    "L113": ("", "s,n,m\nA,80,NA\nB,,3\n", None, None, "s,n,m\nA,80,NA\nB,NA,3\n"),
    "L201": ("", groups("Myeloma", "Lymphoma", "myeloma "), 3, "group",
             groups("Myeloma", "Lymphoma", "Myeloma")),
    "L202": ("", groups("Myeloma", "Lymphoma", "M\u0443eloma"), 3, "group",
             groups("Myeloma", "Lymphoma", "\u041c\u0438\u0435\u043b\u043e\u043c\u0430")),
    "L203": ("", groups(*["Myeloma"] * 5, *["Phase II"] * 5, "Myelona", "Phase III"), 11, "group",
             groups(*["Myeloma"] * 5, *["Phase II"] * 5, "Phase III", "Phase III")),
    "L301": ("", "s,x,n\nA,1,20\nB,3,41\nA,1,20\n", 3, None, "s,x,n\nA,1,20\nB,3,41\nA,1,21\n"),
    "L302": (COUNTS, FINE + "Baker 2011,31,145\n", 4, None,
             FINE + "Davis 2010,31,160\n"),
    "L303": (COUNTS, FINE + "Baker 2006,44,145\n", 4, None, FINE + "Baker 2006,44,146\n"),
    "L401": ("", terminal(5), None, "v", terminal(1)),
    "L402": ("", "s,rate\nA,12\nB,0.31\nC,9\nD,0.17\nE,25\n", 2, "rate",
             "s,rate\nA,12\nB,31\nC,9\nD,17\nE,0.5\n"),
    "L501": (READY, "y,lo,up\n0.5,0.1,0.9\n0.3,0.6,0.0\n", 2, "lo",
             "y,lo,up\n0.5,0.1,0.9\n0.3,0.0,0.6\n"),
    "L502": (READY, "y,lo,up\n0.5,0.1,0.9\n0.9,0.0,0.6\n", 2, "y",
             "y,lo,up\n0.5,0.1,0.9\n0.3,0.0,0.6\n"),
    "L503": (RATIO, "y,lo,up\n1.50,1.00,2.25\n2.00,1.50,3.90\n", 2, "y",
             "y,lo,up\n1.50,1.00,2.25\n1.02,1.00,1.04\n"),
    "L504": (READY, "y,lo,up\n1.50,1.00,2.25\n2.00,1.00,4.00\n0.50,0.20,1.25\n", 1, "y",
             "y,lo,up\n0.41,0.00,0.81\n0.69,0.00,1.39\n-0.69,-1.61,0.22\n"),
    "L505": (READY + " --sei se", "y,lo,up,se\n0.50,0.108,0.892,0.200\n0.300,-0.029,0.629,0.200\n",
             2, "lo", "y,lo,up,se\n0.50,0.108,0.892,0.200\n0.300,-0.092,0.692,0.200\n"),
    "L506": (READY + " --sei se", "y,lo,up,se\n0.50,0.108,0.892,0.200\n0.300,-0.092,0.692,0.331\n",
             2, "lo", "y,lo,up,se\n0.50,0.108,0.892,0.200\n0.300,-0.092,0.692,0.200\n"),
    "L507": ("--yi y --sei se --p p", "y,se,p\n0.500,0.200,0.012\n0.300,0.200,0.01\n", 2, "p",
             "y,se,p\n0.500,0.200,0.012\n0.300,0.200,0.13\n"),
    "L508": (READY + " --sei se", "y,lo,up,se\n0.50,0.108,0.892,0.04\n0.300,-0.092,0.692,0.04\n",
             1, "se", "y,lo,up,se\n0.50,0.108,0.892,0.20\n0.300,-0.092,0.692,0.20\n"),
    "L601": ("--yi y --sei se", "y,se\n0.5,0.2\n0.3,0\n", 2, "se", "y,se\n0.5,0.2\n0.3,0.1\n"),
    "L602": (MEANS, BOTH + "Evans,25.0,0.8,49,23.2,0.75,49\n", 5, None,
             BOTH + "Evans,25.0,5.6,49,23.2,5.3,49\n"),
    "L603": (MEANS, BOTH + "Evans,2500,560,49,2320,530,49\n", 5, None,
             BOTH + "Evans,25.0,5.6,49,23.2,5.3,49\n"),
    "L604": (ONE, "m,sd,n\n12.1,4.0,30\n3.1,5.2,41\n", 2, "sd", "m,sd,n\n12.1,4.0,30\n8.1,5.2,41\n"),
    # 28 whole numbers: 5.18 = 145 / 28 and 5.21 = 146 / 28, but nothing is 5.19 (Brown & Heathers).
    "L605": (ONE + " --integers", "m,sd,n\n5.18,1.1,28\n5.19,1.2,28\n", 2, "m",
             "m,sd,n\n5.18,1.1,28\n5.21,1.2,28\n"),
    "L606": ("--measure MN --median md --q1 q1 --q3 q3 --n n",
             "md,q1,q3,n\n5,3,8,30\n9,4,8,30\n", 2, "q3", "md,q1,q3,n\n5,3,8,30\n7,4,8,30\n"),
    "L607": (ONE + " --min a --max b", "m,sd,n,a,b\n5,2,30,1,9\n5,4.8,30,1,9\n", 2, "sd",
             "m,sd,n,a,b\n5,2,30,1,9\n5,4.06,30,1,9\n"),
    "L701": (COUNTS, FINE.replace("7,62", "63,62"), 3, "x", FINE.replace("7,62", "62,62")),
    "L702": (COUNTS, FINE.replace("12,80", "12.5,80"), 1, "x", FINE),
    "L703": (COUNTS.replace("--events x", "--events x_pct"), FINE.replace(",x,", ",x_pct,"), None,
             "x_pct", None),
    "L704": (PAIRS, TWO + "Davis 2011,0,40,0,41\n", 4, None, TWO + "Davis 2011,0,40,1,41\n"),
    "L705": (COUNTS, "s,x,n\n" + "".join(f"S{i},{i},50\n" for i in range(1, 7)), None, "n",
             "s,x,n\n" + "".join(f"S{i},{i},{49 + i // 6}\n" for i in range(1, 7))),
    "L706": (COUNTS, FINE + "Baker 2004,30,139\n", 2, None, FINE + "Baker 2004,30,145\n"),
    "L707": (PAIRS, TWO + "Baker 2004,39,147,44,150\n", 4, None, TWO + "Baker 2004,39,147,41,149\n"),
    "L708": (COUNTS, FINE.replace("7,62", "-7,62"), 3, "x", FINE.replace("7,62", "0,62")),
    "L801": (STANDARD, BOTH + "Evans,45.0,5.6,49,23.2,5.3,49\n", 5, None,
             BOTH + "Evans,25.0,5.6,49,23.2,5.3,49\n"),
    "L802": ("--measure ZCOR --r r --n n", "r,n\n0.5,40\n1.2,50\n", 2, "r", "r,n\n0.5,40\n1,50\n"),
    "L803": ("--yi y --sei se", "y,se\n0.50,0.05\n0.55,0.06\n0.46,0.05\n0.52,0.05\n-0.49,0.05\n", 5,
             None, "y,se\n0.50,0.05\n0.55,0.06\n0.46,0.05\n0.52,0.05\n-0.04,0.25\n"),
    "L804": ("--yi y --sei se", "y,se\n0.50,0.02\n0.51,0.2\n0.49,0.3\n0.52,0.25\n", 1, None,
             "y,se\n0.50,0.2\n0.51,0.2\n0.49,0.3\n0.52,0.25\n"),
}
# The clean table of L703 has another name for its column.
CLEAN_OPTIONS = {"L703": COUNTS}
CASES["L703"] = CASES["L703"][:4] + (FINE,)

# Further ways to break a rule.
MORE = [
    # an expression of a column that one cell makes text
    ("L006", "--measure PLO --events x --n n+0", FINE.replace("7,62", '7,"1,062"'), None, "n", FINE),
    ("L504", "--yi odds_ratio --vi v", "odds_ratio,v\n1.5,0.04\n2.0,0.1\n0.8,0.07\n", None,
     "odds_ratio", "odds_ratio,v\n0.41,0.04\n0.69,0.1\n-0.22,0.07\n"),
    # sqrt(102 / 2600 + 0.25 / 204) = 0.2011; 1 / sqrt(97) = 0.1015
    ("L508", "--measure SMD --yi y --sei se --n1 n1 --n2 n2", "y,se,n1,n2\n0.5,0.0405,50,52\n", 1,
     "se", "y,se,n1,n2\n0.5,0.201,50,52\n"),
    ("L508", "--measure ZCOR --yi y --vi v --n n", "y,v,n\n0.5,0.1015,100\n", 1, "v",
     "y,v,n\n0.5,0.0103,100\n"),
    ("L103", "", "s;v\nA;80.5\nB;1.234,5\nC;62.1\n", 2, "v", "s;v\nA;80.5\nB;1234.5\nC;62.1\n"),
    ("L103", "--decimal ,", "s;v\nA;80,5\nB;1.234\nC;62,1\n", 2, "v",
     "s;v\nA;80,5\nB;1234\nC;62,1\n"),
    ("L101", COUNTS, FINE.replace("7,62", "2004-07-01,62"), 3, "x", FINE),
    ("L102", "", "s,age\nA,5-9\nB,36526\nC,10-14\n", 2, "age", "s,age\nA,5-9\nB,1-4\nC,10-14\n"),
    ("L106", COUNTS, FINE.replace("7,62", "<5,62"), 3, "x", FINE),
    ("L108", COUNTS, FINE.replace("7,62", "seven,62"), 3, "x", FINE),
    ("L302", PAIRS, TWO + "Davis 2010,31,145,44,150\n", 4, None, TWO + "Davis 2010,31,145,44,151\n"),
    ("L302", COUNTS, FINE + "Zeta 2010,31,145\nBaker 2011,31,145\n", 5, None, FINE),
    ("L302", "--yi y --sei se", "y,se\n0.5312,0.2231\n0.3145,0.1124\n0.5312,0.2231\n", 3, None,
     "y,se\n0.5,0.2\n0.3,0.1\n0.5,0.2\n"),
    ("L505", READY + " --vi v", "y,lo,up,v\n0.50,-0.015,1.015,0.0400\n", 1, "lo",
     "y,lo,up,v\n0.50,0.108,0.892,0.0400\n"),
    ("L507", "--yi y --sei se --p p", "y,se,p\n0.392,0.200,0.025\n", 1, "p",
     "y,se,p\n0.392,0.200,0.05\n"),
    ("L602", STANDARD, BOTH + "Evans,27.0,0.8,49,23.2,0.75,49\n", 5, None, BOTH),
    # another instrument: mean and standard deviation are both a tenth
    ("L602", STANDARD, BOTH + "Evans,25.0,0.8,49,23.2,0.75,49\n", 5, None,
     BOTH + "Evans,2.50,0.56,49,2.32,0.53,49\n"),
    ("L606", "--measure MN --mean m --min a --max b --sd sd --n n", "m,a,b,sd,n\n9,1,8,2,30\n", 1, "m",
     "m,a,b,sd,n\n7,1,8,2,30\n"),
    ("L703", COUNTS, "s,x,n\nA,12,100\nB,31,100\nC,7,100\n", None, "n",
     "s,x,n\nA,12,100\nB,31,100\nC,7,101\n"),
    ("L801", STANDARD.replace("SMD", "SMDH"), BOTH + "Evans,1.2,5.6,49,23.2,5.3,49\n", 5, None,
     BOTH + "Evans,12.5,5.6,49,23.2,5.3,49\n"),
    # what is said of the file is said of a query's result, too
    ("L001", "--query 'SELECT s FROM data'", "s,n,n\nA,1,2\nB,3,5\n", None, "n (3)",
     "s,n,m\nA,1,2\nB,3,5\n"),
    ("L002", "--query 'SELECT s, n FROM data'", "s,n,\nA,1,2\nB,3,5\n", None, "column 3",
     "s,n,m\nA,1,2\nB,3,5\n"),
    ("L003", "--query 'SELECT s FROM data'", "s,n\nA,1\nB,1,234\nC,3\n", None, None,
     "s,n\nA,1\nB,\"2\"\nC,3\n"),
    ("L113", "--query 'SELECT s FROM data'", "s,n,m\nA,80,NA\nB,,3\n", None, None,
     "s,n,m\nA,80,NA\nB,NA,3\n"),
    ("L111", "", "s,n\nA,80\nB,999\nC,62\nD,31\nE,70\nF,999\n", 2, "n",
     "s,n\nA,80\nB,999\nC,62\nD,31\nE,700\nF,999\n"),
    ("L601", MEANS, BOTH.replace("22.5,5.1", "22.5,0"), 3, "s2", BOTH),
    ("L708", COUNTS, FINE.replace("7,62", "0,0"), 3, "n", FINE),
]

# What a rule is not about, whatever the figures: (rule, options, table).
NOT_ABOUT = [
    # an odds ratio of 760, a ratio of means of 29: no multiples of a standard deviation
    ("L801", PAIRS, TWO + "Davis 2011,39,40,2,41\n"),
    ("L801", MEANS.replace("MD", "ROM"), BOTH + "Evans,45.0,5.6,49,1.55,0.4,49\n"),
]
