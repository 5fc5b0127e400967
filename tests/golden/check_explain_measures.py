#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every measure with every sampling variance that it has, corrected and not, with and without
empty cells, is worked from the raw data of the studies: no effect and no variance is taken as
the analysis has it. The lines are read as check_explain.py reads them.

usage: check_explain_measures.py METAPOOL SOURCE_DIR
"""
import os
import re
import sys
import tempfile

from check_explain import counts, expect, failures, pooled, run

# Made up.
STUDIES = """study,x,n,t,a,b,c,d,x1,n1,x2,n2,t1,t2,oe,V,m,s,m1,s1,m2,s2,A,r,phi,q,R2,alpha,j,e,lo,hi
A,4,60,81.5,30,12,5,41,{x},60,9,55,81.5,77,-2.5,3.1,5.2,2.1,10.2,4.1,8.1,3.6,0.71,0.31,0.25,3,\
0.34,0.81,12,0.8,0.6,1.0667
B,7,44,52.25,22,8,11,17,7,44,4,48,52.25,60.5,1.2,2.2,4.4,1.7,9.1,3.9,9.4,4.4,0.55,0.12,0.31,2,\
0.2,0.7,10,1.2,0.9,1.6
C,{x},31,40,15,3,{x},20,2,31,6,36,40,43,-1.9,1.8,6.1,2.9,12.2,5.2,9.7,4.9,0.66,0.45,0.4,4,0.51,\
0.88,20,0.7,0.5,0.98
D,12,95,120,51,20,9,33,12,95,21,90,120,110,-4.1,7.9,5.0,2.2,10.9,4.4,10.1,4.2,0.59,-0.05,0.22,3,\
0.11,0.77,8,0.9,0.7,1.1571
"""
# Made up: what papers print in place of raw data.
PRINTED = """study,lo1,q11,md1,q31,hi1,n1,lo2,q12,md2,q32,hi2,n2,t,n,q,r2,se1,se2,m1,m2,r,e,z,p,se
A,1.2,3.1,5.2,8.4,12.1,40,1.4,2.9,4.1,7.2,10.9,38,2.1,60,3,0.34,0.7,0.6,5.3,4.4,0.4,1.4,2.2,0.03,0.3
B,0.8,2.9,4.8,7.9,11.1,35,1.1,2.8,4.4,6.9,11,36,1.3,44,2,0.2,0.6,0.5,4.9,4.1,0.5,1.2,1.1,0.2,0.25
C,1,3.3,5,7.2,9.9,51,1.3,3,4.6,6.8,9.7,49,0.9,31,4,0.51,0.5,0.55,5.1,4.8,0.6,1.1,0.8,0.4,0.2
D,1.1,3,5.1,8,12.4,27,0.9,2.7,4.9,7.1,9.2,29,2.6,95,3,0.11,0.8,0.7,5.6,4.2,0.3,1.6,2.9,0.004,0.4
"""
FIVE = ("min1=lo1 q1-1=q11 median1=md1 q3-1=q31 max1=hi1 n1=n1 "
        "min2=lo2 q1-2=q12 median2=md2 q3-2=q32 max2=hi2 n2=n2")
CHANGE_SE = "mean1=m1 se1=se1 mean2=m2 se2=se2 r=r n=n"
DERIVED = {
    "MD SMD ROM": FIVE,
    "MD CLESN": "q1-1=q11 median1=md1 q3-1=q31 n1=n1 q1-2=q12 median2=md2 q3-2=q32 n2=n2",
    "MD SMDH": "min1=lo1 median1=md1 max1=hi1 n1=n1 min2=lo2 median2=md2 max2=hi2 n2=n2",
    "MD ROM D2OR": "mean1=m1 se1=se1 n1=n1 mean2=m2 se2=se2 n2=n2",
    "SMD": "mean1=m1 se1=se1 n1=n1 median2=md2 q1-2=q12 q3-2=q32 n2=n2",
    "MN": "min=lo1 q1=q11 median=md1 q3=q31 max=hi1 n=n1",
    "SMN": "min=lo1 median=md1 max=hi1 n=n1", "VR": "se1=se1 n1=n1 se2=se2 n2=n2",
    "MC SMCC ROMC SMCRH": CHANGE_SE, "SMCC MC": "mean1=m1 mean2=m2 sd-change=se1 n=n",
    "SMCR": "mean1=m1 se1=se1 mean2=m2 r=r n=n",
    "COR UCOR ZCOR": "stat=t n=n", "PCOR": "stat=t n=n predictors=q",
    "SPCOR": "stat=t n=n predictors=q r2=r2",
    "SMD RBIS D2OR D2ORN ZPB RPB ZBIS": "stat=t n1=n1 n2=n2",
    "HR": "estimate=e stat=z", "HR OR": "estimate=e p=p", "HR RR": "estimate=e sei=se",
    "HR IRR": "estimate=e vi=se", "GEN": "yi=e stat=z", "GEN MD": "yi=e p=p",
    "SMD COR": "yi=r vi=se",
}
ONE = "mean=m sd=s n=n"
TWO = "mean1=m1 sd1=s1 n1=n1 mean2=m2 sd2=s2 n2=n2"
TABLE = "events1=x1 n1=n1 events2=x2 n2=n2"
CHANGE = "mean1=m1 sd1=s1 mean2=m2 sd2=s2 r=r n=n"
COUNTS = {
    "PR PLN PLO PRZ PAS PFT": "events=x n=n",
    "IR IRLN IRS IRFT": "events=x time=t",
    "OR RR RD AS PETO PHI ZPHI YUQ YUY RTET ZTET PBIT OR2D OR2DN OR2DL": TABLE,
    "MPRD MPRR MPOR MPORC MPPETO": "cell-a=a cell-b=b cell-c=c cell-d=d",
    "MPORM": "events1=x n1=n events2=x2 n2=n r=phi",
    "IRR IRD IRSD": "events1=x1 time1=t1 events2=x2 time2=t2",
}
FIGURES = {
    "OE": "oe=oe var=V", "MN MNLN SMN CVLN": ONE, "SDLN": "sd=s n=n",
    "MD ROM CVR SMD SMDH SMD1H RPB ZPB RBIS ZBIS D2OR D2ORN D2ORL CLESN AUCN": TWO,
    "SMD1": "mean1=m1 n1=n1 mean2=m2 sd2=s2 n2=n2", "VR": "sd1=s1 n1=n1 sd2=s2 n2=n2",
    "CLES AUC": "auc=A n1=n1 n2=n2", "SMCRH SMCRP SMCRPH ROMC CVRC MC SMCC": CHANGE,
    "SMCR": "mean1=m1 sd1=s1 mean2=m2 r=r n=n", "VRC": "sd1=s1 sd2=s2 r=r n=n",
    "COR UCOR ZCOR": "r=r n=n", "PCOR ZPCOR": "r=r n=n predictors=q",
    "SPCOR ZSPCOR": "r=r n=n r2=R2", "R2 ZR2": "r2=R2 n=n predictors=q",
    "ARAW AHW ABT": "alpha=alpha items=j n=n", "HR": "estimate=e ci-lower=lo ci-upper=hi",
    "GEN": "yi=m vi=V",
}
VTYPES = ("LS", "UB", "AV", "LS2", "HO", "AVHO", "AV2", "ST", "CS")
CORRECTIONS = ([], ["--to", "all", "--vtype", "AV"], ["--add", "tacc"],
               ["--add", "0.25", "--to", "all"])


def columns(text):
    return [part for pair in text.split() for part in ("--" + pair.split("=")[0],
                                                       pair.split("=")[1])]


def exists(arguments):
    """Whether the measure has the sampling variance, or the correction."""
    made = run("pool", *arguments)
    expect(f"{arguments}: {made.stderr}", made.returncode in (0, 2, 3))
    return made.returncode == 0


def work(name, arguments):
    if exists(arguments):
        text = re.sub(r"\s+", " ", pooled(name, arguments))
        expect(f"{name} is not worked", "not worked" not in text and "Taken as" not in text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        full, empty = os.path.join(folder, "full.csv"), os.path.join(folder, "empty.csv")
        for path, x in ((full, "4"), (empty, "0")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(STUDIES.format(x=x))
        for family in (COUNTS, FIGURES):
            for codes, raw in family.items():
                for code in codes.split():
                    more = ["--study", "study", "--measure", code, "--method", "inverse",
                            "--tau2", "EE", *columns(raw)]
                    for vtype in VTYPES:
                        work(f"{code}, {vtype}", [full, *more, "--vtype", vtype])
                    for vtype in VTYPES if family is FIGURES else ():
                        work(f"{code}, uncorrected, {vtype}",
                             [full, *more, "--correct", "no", "--vtype", vtype])
                    for how in CORRECTIONS if family is COUNTS else ():
                        work(f"{code}, empty cells, {' '.join(how)}", [empty, *more, *how])
        path = os.path.join(folder, "printed.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(PRINTED)
        for codes, raw in DERIVED.items():
            for code in codes.split():
                work(f"{code} from {raw}", [path, "--study", "study", "--measure", code,
                                            "--tau2", "EE", *columns(raw)])
    print(f"{counts['lines']} lines and {counts['cells']} cells computed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
