# The twelve published meta-regressions, judged figure by figure against what was printed.
regress() { # name, rows, formula
  metapool regress datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --tau2 ML \
    --where "entity = '${1%% *}' AND product NOT LIKE '%+%'" --mods "$2" --format csv --quiet > "$1.csv"
}
all='setting + enrolment_ended + line'
regress 'LBCL product' product
regress 'LBCL follow-up > 13.0' '(followup_months > 13)'
regress 'LBCL setting' setting
regress 'LBCL enrolment' enrolment_ended
regress 'LBCL line' line
regress 'MM product' product
regress 'MM follow-up > 13.3' '(followup_months > 13.3)'
regress 'MM setting' setting
regress 'MM enrolment' enrolment_ended
regress 'MM line' line
regress 'LBCL multivariable' "product + (followup_months > 13) + $all"
regress 'MM multivariable' "product + (followup_months > 13.3) + $all"
"$PYTHON" - <<'END'
import csv, collections

NAMES = {"se_tau2": "tau2_se", "I2_percent": "I2", "R2_percent": "R2", "QE": "Q", "QE_df": "Q_df",
         "QE_p": "Q_p", "F": "omnibus", "F_df1": "omnibus_df1", "F_df2": "omnibus_df2",
         "F_p": "omnibus_p", "t": "statistic"}
OF_MODEL = ["k", "tau2", "se_tau2", "I2_percent", "H2", "R2_percent", "QE", "QE_df", "QE_p", "F",
            "F_df1", "F_df2", "F_p"]


def printed(text, value):
    if text == "<.0001":
        return float(value) < 0.0001
    digits = len(text.partition(".")[2])
    return f"{float(value):.{digits}f}".replace("-0.0000", "0.0000") == text


score = collections.Counter()
models = {}
for row in csv.DictReader(open("datasets/nrm2024/published_regression.csv", encoding="utf-8")):
    name = row["model"]
    ours = {r["term"]: r for r in csv.DictReader(open(name + ".csv", encoding="utf-8"))}
    figures = [key for key in row if key not in ("model", "term")]
    if name in models:
        figures = [key for key in figures if key not in OF_MODEL]
    models[name] = len(ours)
    for key in figures:
        value = ours[row["term"]][NAMES.get(key, key)]
        good = printed(row[key], value)
        score[good] += 1
        if not good:
            print(f"{name}, {row['term']}, {key}: {float(value):.5f}, printed {row[key]}")
print(f"{len(models)} models, {sum(models.values())} coefficients: "
      f"{score[True]} of {sum(score.values())} figures as printed")
END
