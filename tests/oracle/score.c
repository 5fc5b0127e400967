/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 48 };

/* References are good to 1e-12 absolute: below this they may have no 6 digits. */
static const double FLOOR = 1e-6;

typedef struct entry {
    char group[NAME], quantity[NAME], id[NAME];
    double digits;
    bool to_floor; /* so near to nothing that the reference has no digits */
} entry;

struct scoreboard {
    const char *title;
    entry *item;
    size_t count, capacity, failures;
};

scoreboard *scoreboard_new(const char *title)
{
    scoreboard *board = calloc(1, sizeof *board);

    if (board) {
        board->title = title;
    }
    return board;
}

void scoreboard_free(scoreboard *board)
{
    if (board) {
        free(board->item);
    }
    free(board);
}

double score_digits(double got, double want)
{
    double off;

    if (isnan(want) || isnan(got) || isinf(want) || isinf(got)) {
        return (isnan(want) && isnan(got)) || got == want ? 16.0 : 0.0;
    }
    off = want == 0.0 ? fabs(got) : fabs(got - want) / fabs(want);
    return off == 0.0 ? 16.0 : fmax(0.0, fmin(16.0, -log10(off)));
}

void scoreboard_add(scoreboard *board, const char *group, const char *quantity,
                    const char *id, double got, double want, double demanded)
{
    entry *e;

    if (board->count == board->capacity) {
        board->capacity = board->capacity ? 2 * board->capacity : 1024;
        board->item = realloc(board->item, board->capacity * sizeof *board->item);
        if (!board->item) {
            abort();
        }
    }
    e = &board->item[board->count++];
    (void)snprintf(e->group, sizeof e->group, "%s", group);
    (void)snprintf(e->quantity, sizeof e->quantity, "%s", quantity);
    (void)snprintf(e->id, sizeof e->id, "%s", id);
    e->digits = score_digits(got, want);
    e->to_floor = !(demanded > 0.0) && fabs(want) < FLOOR;
    if (e->digits < demanded) {
        board->failures++;
        (void)printf("  %s %s %s: %.17g, not %.17g: %.1f digits, %.1f demanded\n",
                     group, id, quantity, got, want, e->digits, demanded);
    }
}

static int by_name_then_digits(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    int order = strcmp(a->group, b->group);

    order = order ? order : strcmp(a->quantity, b->quantity);
    return order ? order : (a->digits > b->digits) - (a->digits < b->digits);
}

static int by_digits(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* A line a figure for scripts/accuracy: title, group, case, quantity, digits. */
static void append_to_file(const scoreboard *board, const char *path)
{
    FILE *file = fopen(path, "a");

    if (!file) {
        (void)fprintf(stderr, "%s: cannot be opened\n", path);
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < board->count; i++) {
        const entry *e = &board->item[i];

        if (!e->to_floor) {
            (void)fprintf(file, "%s\t%s\t%s\t%s\t%.1f\n", board->title, e->group, e->id,
                          e->quantity, floor(10.0 * e->digits) / 10.0);
        }
    }
    if (fclose(file) != 0) {
        (void)fprintf(stderr, "%s: cannot be written\n", path);
        exit(EXIT_FAILURE);
    }
}

void scoreboard_print(scoreboard *board)
{
    const char *scores = getenv("METAPOOL_SCORES");
    size_t end;

    if (scores) {
        append_to_file(board, scores);
    }
    qsort(board->item, board->count, sizeof *board->item, by_name_then_digits);
    (void)printf("%s\n  %-22s %-18s %6s %7s %7s  %s\n", board->title, "data",
                 "quantity", "n", "median", "worst", "worst case");
    for (size_t i = 0; i < board->count; i = end) {
        const entry *e = &board->item[i];

        for (end = i; end < board->count &&
                      strcmp(board->item[end].group, e->group) == 0 &&
                      strcmp(board->item[end].quantity, e->quantity) == 0;) {
            end++;
        }
        (void)printf("  %-22s %-18s %6zu %7.1f %7.1f  %s\n", e->group, e->quantity,
                     end - i, board->item[i + (end - i) / 2].digits, e->digits, e->id);
    }
}

size_t scoreboard_count(const scoreboard *board)
{
    return board->count;
}

size_t scoreboard_failures(const scoreboard *board)
{
    return board->failures;
}

double scoreboard_median(scoreboard *board, const char *group)
{
    double *digits = calloc(board->count + 1, sizeof *digits), median;
    size_t n = 0;

    if (!digits) {
        abort();
    }
    for (size_t i = 0; i < board->count; i++) {
        if (strcmp(board->item[i].group, group) == 0) {
            digits[n++] = board->item[i].digits;
        }
    }
    qsort(digits, n, sizeof *digits, by_digits);
    median = n ? digits[n / 2] : 0.0;
    free(digits);
    return median;
}
