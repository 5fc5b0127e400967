/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ORACLE_SCORE_H
#define MTP_ORACLE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * A scoreboard of agreeing digits: LRE = -log10(|x - ref| / |ref|), for ref = 0
 * -log10 |x|, between 0 and 16 (McCullough 1998, Am Stat 52:358-366,
 * doi:10.1080/00031305.1998.10480594).
 */
typedef struct scoreboard scoreboard;

scoreboard *scoreboard_new(const char *title);
void scoreboard_free(scoreboard *board);

double score_digits(double got, double want);

/** Record a figure; prints it when it has fewer digits than demanded. */
void scoreboard_add(scoreboard *board, const char *group, const char *quantity,
                    const char *id, double got, double want, double demanded);

/** Print the table: figures, median and worst digits by group and quantity. The file
 * that the environment variable METAPOOL_SCORES names gets a line a figure. */
void scoreboard_print(scoreboard *board);

size_t scoreboard_count(const scoreboard *board);
/** Figures with fewer digits than demanded. */
size_t scoreboard_failures(const scoreboard *board);
/** Median digits over all figures of a group. */
double scoreboard_median(scoreboard *board, const char *group);

#endif
