/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_FIGURES_H
#define MTP_ANALYSIS_OPTIONS_FIGURES_H

#include "metapool/funnel.h"
#include "metapool/gosh_map.h"
#include "metapool/theme.h"

/* The part of the option registry that is about single kinds of figures; its columns
 * are those of MTP_OPTION_LIST. */

/* clang-format off */
#define MTP_FIGURE_OPTION_LIST(X)                                                              \
    X(CONTOURS, "contours", 0, MTP_COMMAND_FUNNEL, ANALYSES, TEXT, "", 0, 0, NULL,             \
      "PERCENT,...", true, "funnel: shade where an effect differs from the hypothesis at up to " \
      "three levels, as in 90,95,99")                                                          \
    X(Y_AXIS, "y-axis", 0, MTP_COMMAND_FUNNEL, ANALYSES, CHOICE,                               \
      MTP_FUNNEL_AXIS_LIST(MTP_CHOICE_ID), 0, 0, "sei", "NAME", true, "funnel: what stands upwards, " \
      "standard error, variance, sample size, an inverse or a root of these")                  \
    X(FUNNEL_FILL, "trim-fill", 0, MTP_COMMAND_FUNNEL, ANALYSES, CHOICE,                       \
      MTP_TRIM_FILL_LIST(MTP_CHOICE_ID), 0, 0, NULL, "NAME", true, "funnel: fill in the studies " \
      "that are missing by this estimator, as open circles")                                   \
    X(EGGER_LINE, "egger-line", 0, MTP_COMMAND_FUNNEL, ANALYSES, FLAG, "", 0, 0, "false", "",  \
      true, "funnel: the line of Egger's regression on standard errors, with its test")        \
    X(TAU2_RANGE, "tau2-range", 0, MTP_COMMAND_TAU2_CURVE, ANALYSES, TEXT, "", 0, 0, NULL,     \
      "LOW,HIGH", true, "profile: the range of tau2 (default: from 0 to beyond its interval)")  \
    X(GOSH_AXIS, "y-axis", 0, MTP_COMMAND_GOSH_FIGURE, ANALYSES, CHOICE,                       \
      MTP_GOSH_AXIS_LIST(MTP_CHOICE_ID), 0, 0, "I2", "NAME", true, "gosh: what stands upwards") \
    X(HIGHLIGHT, "highlight", 0, MTP_COMMAND_GOSH_FIGURE, ANALYSES, TEXT, "", 0, 0, NULL,      \
      "STUDY", true, "gosh: mark the subsets that hold the study of this name")   \
    X(DRAPERY_AXIS, "y-axis", 0, MTP_COMMAND_DRAPERY, OUTPUT, CHOICE, "p|z|", 0, 0, "p", "NAME", \
      false, "drapery: p-values at even steps, or as far apart as their normal quantiles")     \
    X(ACROSS, "across", 0, MTP_COMMAND_BUBBLE, ANALYSES, TEXT, "", 0, 0, NULL, "COLUMN", true, \
      "bubble: the moderator that runs across (default: the first of --mods)")                 \
    X(HOLD, "at", 0, MTP_COMMAND_BUBBLE, ANALYSES, LIST, "", 0, 0, NULL, "COLUMN=VALUE,...",   \
      true, "bubble: where the other moderators stand (year=1970); of the rest numbers are at " \
      "their means and factors averaged over their levels; repeatable")                        \
    X(NAMES, "names", 0, MTP_COMMAND_BUBBLE, OUTPUT, FLAG, "", 0, 0, "false", "", false,       \
      "bubble: name the studies where there is room, the largest first")
/* clang-format on */

#endif
