/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_MEASURES_H
#define METAPOOL_MEASURES_H

/**
 * @file measures.h
 * The names of things: what the columns of a study table can be, and the measures that
 * effects.h computes from them.
 */

/* What a column of a study table can be. Y(X, NAME, option name, description): the
 * enumerator is MTP_ROLE_NAME, the option of the command line --option-name. Everything
 * that takes a column by role is made from this list; X is handed through. */
#define MTP_ROLE_LIST_WITH(Y, X)                                                       \
    Y(X, EVENTS, "events", "number of events")                                         \
    Y(X, EVENTS1, "events1", "number of events in group 1 (treated)")                  \
    Y(X, EVENTS2, "events2", "number of events in group 2 (control)")                  \
    Y(X, N, "n", "number of patients")                                                 \
    Y(X, MEAN, "mean", "mean")                                                         \
    Y(X, SD, "sd", "standard deviation of the values, not the standard error")         \
    Y(X, MEAN1, "mean1", "mean of group 1 (treated), or at time 1")                    \
    Y(X, SD1, "sd1", "standard deviation of group 1, or at time 1")                    \
    Y(X, N1, "n1", "number of patients in group 1 (treated)")                          \
    Y(X, MEAN2, "mean2", "mean of group 2 (control), or at time 2")                    \
    Y(X, SD2, "sd2", "standard deviation of group 2, or at time 2")                    \
    Y(X, N2, "n2", "number of patients in group 2 (control)")                          \
    Y(X, AUC, "auc",                                                                   \
      "probability that a value of group 1 is above one of group 2 (area under the "   \
      "curve)")                                                                        \
    Y(X, SD_CHANGE, "sd-change", "standard deviation of the changes within patients")  \
    Y(X, TIME, "time", "person-time at risk")                                          \
    Y(X, TIME1, "time1", "person-time at risk in group 1 (treated)")                   \
    Y(X, TIME2, "time2", "person-time at risk in group 2 (control)")                   \
    Y(X, CELL_A, "cell-a", "events in group 1; of pairs, with both events")            \
    Y(X, CELL_B, "cell-b", "no event in group 1; of pairs, event 1 alone")             \
    Y(X, CELL_C, "cell-c", "events in group 2; of pairs, event 2 alone")               \
    Y(X, CELL_D, "cell-d", "no event in group 2; of pairs, with neither event")        \
    Y(X, OE, "oe", "observed minus expected events in group 1 (log rank)")             \
    Y(X, VAR, "var", "variance of observed minus expected events")                     \
    Y(X, YI, "yi", "ready-made effect, with --vi, --sei or both limits")               \
    Y(X, VI, "vi", "sampling variance of the effect")                                  \
    Y(X, SEI, "sei", "standard error of the effect")                                   \
    Y(X, CI_LOWER, "ci-lower", "lower confidence limit of the effect")                 \
    Y(X, CI_UPPER, "ci-upper", "upper confidence limit of the effect")                 \
    Y(X, R, "r", "correlation")                                                        \
    Y(X, STAT, "stat",                                                                 \
      "test statistic: z of an effect, t of a correlation, coefficient or two means")  \
    Y(X, P, "p", "two-sided p-value of a ready-made effect (a z test)")                \
    Y(X, PREDICTORS, "predictors", "number of predictors of a regression")             \
    Y(X, R2, "r2", "coefficient of determination of a regression")                     \
    Y(X, ALPHA, "alpha", "Cronbach's alpha")                                           \
    Y(X, ITEMS, "items", "number of items of an instrument")                           \
    Y(X, ESTIMATE, "estimate",                                                         \
      "ready-made ratio, with its limits, or --sei or --vi of its logarithm")          \
    Y(X, SE, "se", "standard error of the mean")                                       \
    Y(X, MEDIAN, "median", "median")                                                   \
    Y(X, Q1, "q1", "lower quartile")                                                   \
    Y(X, Q3, "q3", "upper quartile")                                                   \
    Y(X, MIN, "min", "smallest value")                                                 \
    Y(X, MAX, "max", "largest value")                                                  \
    Y(X, SE1, "se1", "standard error of the mean, group 1")                            \
    Y(X, MEDIAN1, "median1", "median, group 1")                                        \
    Y(X, Q1_1, "q1-1", "lower quartile, group 1")                                      \
    Y(X, Q3_1, "q3-1", "upper quartile, group 1")                                      \
    Y(X, MIN1, "min1", "smallest value, group 1")                                      \
    Y(X, MAX1, "max1", "largest value, group 1")                                       \
    Y(X, SE2, "se2", "standard error of the mean, group 2")                            \
    Y(X, MEDIAN2, "median2", "median, group 2")                                        \
    Y(X, Q1_2, "q1-2", "lower quartile, group 2")                                      \
    Y(X, Q3_2, "q3-2", "upper quartile, group 2")                                      \
    Y(X, MIN2, "min2", "smallest value, group 2")                                      \
    Y(X, MAX2, "max2", "largest value, group 2")

/* The same as X(NAME, option name, description). */
#define MTP_ROLE_PLAIN(X, name, id, text) X(name, id, text)
#define MTP_ROLE_LIST(X)                  MTP_ROLE_LIST_WITH(MTP_ROLE_PLAIN, X)

typedef enum mtp_role {
#define MTP_ROLE_ENUM(name, id, text) MTP_ROLE_##name,
    MTP_ROLE_LIST(MTP_ROLE_ENUM)
#undef MTP_ROLE_ENUM
        MTP_ROLE_COUNT
} mtp_role;

/* X(enum, code): the measures, in metafor's codes, family by family. */
#define MTP_MEASURES_GENERIC(X) X(MTP_GEN, "GEN")
#define MTP_MEASURES_READY(X)   X(MTP_HR, "HR")
#define MTP_MEASURES_PROPORTION(X)                                                     \
    X(MTP_PR, "PR")                                                                    \
    X(MTP_PLN, "PLN")                                                                  \
    X(MTP_PLO, "PLO")                                                                  \
    X(MTP_PRZ, "PRZ")                                                                  \
    X(MTP_PAS, "PAS")                                                                  \
    X(MTP_PFT, "PFT")
#define MTP_MEASURES_RATE(X)                                                           \
    X(MTP_IR, "IR")                                                                    \
    X(MTP_IRLN, "IRLN")                                                                \
    X(MTP_IRS, "IRS")                                                                  \
    X(MTP_IRFT, "IRFT")
#define MTP_MEASURES_CORRELATION(X)                                                    \
    X(MTP_COR, "COR")                                                                  \
    X(MTP_UCOR, "UCOR")                                                                \
    X(MTP_ZCOR, "ZCOR")
#define MTP_MEASURES_PARTIAL(X)                                                        \
    X(MTP_PCOR, "PCOR")                                                                \
    X(MTP_ZPCOR, "ZPCOR")
#define MTP_MEASURES_SEMIPARTIAL(X)                                                    \
    X(MTP_SPCOR, "SPCOR")                                                              \
    X(MTP_ZSPCOR, "ZSPCOR")
#define MTP_MEASURES_DETERMINATION(X)                                                  \
    X(MTP_R2, "R2")                                                                    \
    X(MTP_ZR2, "ZR2")
#define MTP_MEASURES_RELIABILITY(X)                                                    \
    X(MTP_ARAW, "ARAW")                                                                \
    X(MTP_AHW, "AHW")                                                                  \
    X(MTP_ABT, "ABT")
#define MTP_MEASURES_ONE_MEAN(X)                                                       \
    X(MTP_MN, "MN")                                                                    \
    X(MTP_MNLN, "MNLN")                                                                \
    X(MTP_SMN, "SMN")                                                                  \
    X(MTP_CVLN, "CVLN")
#define MTP_MEASURES_ONE_SD(X) X(MTP_SDLN, "SDLN")
#define MTP_MEASURES_TWO_MEANS(X)                                                      \
    X(MTP_MD, "MD")                                                                    \
    X(MTP_ROM, "ROM")                                                                  \
    X(MTP_CVR, "CVR")
#define MTP_MEASURES_TWO_SDS(X) X(MTP_VR, "VR")
#define MTP_MEASURES_STANDARDIZED(X)                                                   \
    X(MTP_SMD, "SMD")                                                                  \
    X(MTP_SMDH, "SMDH")                                                                \
    X(MTP_SMD1H, "SMD1H")
#define MTP_MEASURES_STANDARDIZED_BY_SD2(X) X(MTP_SMD1, "SMD1")
#define MTP_MEASURES_CONVERTED(X)                                                      \
    X(MTP_RPB, "RPB")                                                                  \
    X(MTP_ZPB, "ZPB")                                                                  \
    X(MTP_RBIS, "RBIS")                                                                \
    X(MTP_ZBIS, "ZBIS")                                                                \
    X(MTP_D2OR, "D2OR")                                                                \
    X(MTP_D2ORN, "D2ORN")                                                              \
    X(MTP_D2ORL, "D2ORL")
#define MTP_MEASURES_SUPERIORITY(X)                                                    \
    X(MTP_CLES, "CLES")                                                                \
    X(MTP_AUC, "AUC")
#define MTP_MEASURES_SUPERIORITY_NORMAL(X)                                             \
    X(MTP_CLESN, "CLESN")                                                              \
    X(MTP_AUCN, "AUCN")
#define MTP_MEASURES_CHANGE(X)                                                         \
    X(MTP_SMCRH, "SMCRH")                                                              \
    X(MTP_SMCRP, "SMCRP")                                                              \
    X(MTP_SMCRPH, "SMCRPH")                                                            \
    X(MTP_ROMC, "ROMC")                                                                \
    X(MTP_CVRC, "CVRC")
#define MTP_MEASURES_CHANGE_DIFFERENCE(X)                                              \
    X(MTP_MC, "MC")                                                                    \
    X(MTP_SMCC, "SMCC")
#define MTP_MEASURES_CHANGE_BY_FIRST(X) X(MTP_SMCR, "SMCR")
#define MTP_MEASURES_CHANGE_SPREAD(X)   X(MTP_VRC, "VRC")
#define MTP_MEASURES_TWO_COUNTS(X)                                                     \
    X(MTP_OR, "OR")                                                                    \
    X(MTP_RR, "RR")                                                                    \
    X(MTP_RD, "RD")                                                                    \
    X(MTP_AS, "AS")                                                                    \
    X(MTP_PETO, "PETO")                                                                \
    X(MTP_PHI, "PHI")                                                                  \
    X(MTP_ZPHI, "ZPHI")                                                                \
    X(MTP_YUQ, "YUQ")                                                                  \
    X(MTP_YUY, "YUY")                                                                  \
    X(MTP_RTET, "RTET")                                                                \
    X(MTP_ZTET, "ZTET")                                                                \
    X(MTP_PBIT, "PBIT")                                                                \
    X(MTP_OR2D, "OR2D")                                                                \
    X(MTP_OR2DN, "OR2DN")                                                              \
    X(MTP_OR2DL, "OR2DL")
#define MTP_MEASURES_PAIRED_CELLS(X)                                                   \
    X(MTP_MPRD, "MPRD")                                                                \
    X(MTP_MPRR, "MPRR")                                                                \
    X(MTP_MPOR, "MPOR")                                                                \
    X(MTP_MPORC, "MPORC")                                                              \
    X(MTP_MPPETO, "MPPETO")
#define MTP_MEASURES_PAIRED_MARGINS(X) X(MTP_MPORM, "MPORM")
#define MTP_MEASURES_TWO_RATES(X)                                                      \
    X(MTP_IRR, "IRR")                                                                  \
    X(MTP_IRD, "IRD")                                                                  \
    X(MTP_IRSD, "IRSD")
#define MTP_MEASURES_OE(X) X(MTP_OE, "OE")

#define MTP_MEASURE_LIST(X)                                                            \
    MTP_MEASURES_GENERIC(X)                                                            \
    MTP_MEASURES_READY(X)                                                              \
    MTP_MEASURES_PROPORTION(X)                                                         \
    MTP_MEASURES_RATE(X)                                                               \
    MTP_MEASURES_TWO_COUNTS(X)                                                         \
    MTP_MEASURES_PAIRED_CELLS(X)                                                       \
    MTP_MEASURES_PAIRED_MARGINS(X)                                                     \
    MTP_MEASURES_TWO_RATES(X)                                                          \
    MTP_MEASURES_OE(X)                                                                 \
    MTP_MEASURES_ONE_MEAN(X)                                                           \
    MTP_MEASURES_ONE_SD(X)                                                             \
    MTP_MEASURES_TWO_MEANS(X)                                                          \
    MTP_MEASURES_TWO_SDS(X)                                                            \
    MTP_MEASURES_STANDARDIZED(X)                                                       \
    MTP_MEASURES_STANDARDIZED_BY_SD2(X)                                                \
    MTP_MEASURES_CONVERTED(X)                                                          \
    MTP_MEASURES_SUPERIORITY(X)                                                        \
    MTP_MEASURES_SUPERIORITY_NORMAL(X)                                                 \
    MTP_MEASURES_CHANGE(X)                                                             \
    MTP_MEASURES_CHANGE_DIFFERENCE(X)                                                  \
    MTP_MEASURES_CHANGE_BY_FIRST(X)                                                    \
    MTP_MEASURES_CHANGE_SPREAD(X)                                                      \
    MTP_MEASURES_CORRELATION(X)                                                        \
    MTP_MEASURES_PARTIAL(X)                                                            \
    MTP_MEASURES_SEMIPARTIAL(X)                                                        \
    MTP_MEASURES_DETERMINATION(X)                                                      \
    MTP_MEASURES_RELIABILITY(X)

typedef enum mtp_measure {
#define MTP_MEASURE_ENUM(name, code) name,
    MTP_MEASURE_LIST(MTP_MEASURE_ENUM)
#undef MTP_MEASURE_ENUM
        MTP_MEASURE_COUNT
} mtp_measure;

#endif
