/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A forest plot made of characters: the lines of the figure, with a row of cells in
 * place of each line's marks. */
#include "core/error.h"
#include "core/owned.h"
#include "core/strbuf.h"
#include "plot/forest_figure.h"
#include "plot/forest_text.h"
#include "text/display.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
    WIDTH_LEAST = 60,
    WIDTH_MOST = 240,
    PLOT_LEAST = 16,
    LABEL_LEAST = 10,
    GAP = 2, /* between the columns */
    INDENT = 2
};

/* Every character that is not ASCII in the words and marks of a plot, and what stands
 * for it where it cannot be shown. */
static const struct {
    const char *glyph, *ascii;
} plain[] = {
    {"■", "#"}, {"▪", "o"},      {"·", "+"},   {"◆", "*"},  {"◇", "%"}, {"─", "-"},
    {"├", "|"}, {"┤", "|"},      {"╞", "["},   {"═", "="},  {"╡", "]"}, {"◄", "<"},
    {"►", ">"}, {"│", ":"},      {"┊", "."},   {"┬", "+"},  {"−", "-"}, {"∞", "Inf"},
    {"–", "-"}, {"\u00a0", " "}, {"τ", "tau"}, {"²", "^2"}, {"…", "~"},
};

typedef struct terminal {
    mtp_forest_figure figure;
    size_t width, label, plot, text; /* columns */
    double largest;                  /* size of a study */
    mtp_strbuf out;
} terminal;

typedef const char *cells[WIDTH_MOST];

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* "0.050 [0.025, 0.100]" */
static const char *figures_of(const terminal *t, const mtp_forest_line *line)
{
    return line->estimate[0] ? mtp_scene_printf(t->figure.scene, "%s %s",
                                                line->estimate, line->limits)
                             : line->limits;
}

static size_t indent_of(const mtp_forest_line *line)
{
    return line->indent > 0.0 ? INDENT : 0;
}

static const char *estimate_header(const terminal *t)
{
    const mtp_forest_column *effect = mtp_forest_effect_column(&t->figure);

    return effect ? effect->header : "";
}

/* The figures have the room that they need, the labels what leaves enough for the plot.
 */
static void place_columns(terminal *t)
{
    size_t room;

    t->label = mtp_display_width(t->figure.column[0].header);
    t->text = mtp_display_width(estimate_header(t));
    for (size_t i = 0; i < t->figure.n_lines; i++) {
        const mtp_forest_line *line = &t->figure.line[i];

        if (line->kind == MTP_LINE_ROW) {
            t->label =
                larger(t->label, indent_of(line) + mtp_display_width(line->label));
            t->text = larger(t->text, mtp_display_width(figures_of(t, line)));
        }
    }
    t->width = larger(t->width, LABEL_LEAST + PLOT_LEAST + t->text + 2 * GAP);
    room = t->width - t->text - 2 * GAP;
    if (t->label > room / 2) {
        t->label = larger(room / 2, LABEL_LEAST);
    }
    t->plot = room - t->label;
    t->plot = t->plot < WIDTH_MOST ? t->plot : WIDTH_MOST;
    t->figure.axis.left = 0.0;
    t->figure.axis.right = (double)(t->plot - 1);
}

static size_t cell_of(const terminal *t, double value)
{
    return (size_t)lround(mtp_axis_place(&t->figure.axis, value));
}

static void put_reference(const terminal *t, cells row, double value, const char *glyph)
{
    const mtp_axis *axis = &t->figure.axis;

    if (isfinite(value) && !mtp_forest_beyond_left(axis, value) &&
        !mtp_forest_beyond_right(axis, value)) {
        row[cell_of(t, value)] = glyph;
    }
}

/* An interval from end to end, with arrows where it goes on beyond the axis. */
static void put_interval(const terminal *t, cells row, const mtp_forest_row *data,
                         const char *const glyph[3])
{
    const mtp_axis *axis = &t->figure.axis;
    size_t low, high;

    if (isnan(data->ci_lower) || isnan(data->ci_upper)) {
        return;
    }
    low = cell_of(t, data->ci_lower);
    high = cell_of(t, data->ci_upper);
    for (size_t i = low; i <= high; i++) {
        row[i] = glyph[1];
    }
    row[low] = mtp_forest_beyond_left(axis, data->ci_lower) ? "◄" : glyph[0];
    row[high] = mtp_forest_beyond_right(axis, data->ci_upper) ? "►" : glyph[2];
}

/* The square of a study in three sizes, by the length of its side. */
static const char *square(const terminal *t, const mtp_forest_row *row)
{
    double side = sqrt(mtp_forest_study_size(&t->figure, row) / t->largest);

    return side > 2.0 / 3.0 ? "■" : side > 1.0 / 3.0 ? "▪" : "·";
}

static void put_marks(const terminal *t, cells row, const mtp_forest_row *data)
{
    static const char *const study[] = {"├", "─", "┤"},
                             *const common[] = {"◇", "◇", "◇"},
                             *const random[] = {"◆", "◆", "◆"},
                             *const prediction[] = {"╞", "═", "╡"};

    switch (data->kind) {
    case MTP_FOREST_STUDY:
        put_interval(t, row, data, study);
        if (isfinite(data->estimate) &&
            !mtp_forest_beyond_left(&t->figure.axis, data->estimate) &&
            !mtp_forest_beyond_right(&t->figure.axis, data->estimate)) {
            row[cell_of(t, data->estimate)] = square(t, data);
        }
        break;
    case MTP_FOREST_LEFT_OUT:
    case MTP_FOREST_CUMULATIVE:
        put_interval(t, row, data, study);
        put_reference(t, row, data->estimate, "▪");
        break;
    case MTP_FOREST_SUBGROUP_COMMON:
    case MTP_FOREST_OVERALL_COMMON:
        put_interval(t, row, data, common);
        break;
    case MTP_FOREST_SUBGROUP_RANDOM:
    case MTP_FOREST_OVERALL_RANDOM:
        put_interval(t, row, data, random);
        break;
    case MTP_FOREST_PREDICTION:
        put_interval(t, row, data, prediction);
        break;
    case MTP_FOREST_NOT_ESTIMABLE:
        break; /* the text says so */
    }
}

/* A label in its column, cells, and the figures at the right edge. */
static void add_line(terminal *t, const char *label, size_t indent, const cells row,
                     const char *figures)
{
    size_t width = mtp_display_width(label), room = t->label - indent;

    mtp_strbuf_add_repeated(&t->out, ' ', indent);
    mtp_display_cut(&t->out, label, room);
    mtp_strbuf_add_repeated(&t->out, ' ', (width < room ? room - width : 0) + GAP);
    for (size_t i = 0; i < t->plot; i++) {
        mtp_strbuf_add(&t->out, row[i]);
    }
    if (figures[0]) {
        mtp_strbuf_add_repeated(&t->out, ' ',
                                GAP + t->text - mtp_display_width(figures));
        mtp_strbuf_add(&t->out, figures);
    }
    mtp_strbuf_add_char(&t->out, '\n');
}

static void fill(const terminal *t, cells row, const char *glyph)
{
    for (size_t i = 0; i < t->plot; i++) {
        row[i] = glyph;
    }
}

static void add_row(terminal *t, const mtp_forest_line *line)
{
    const mtp_forest_row *data = &t->figure.forest->row[line->row];
    const mtp_bundle *bundle = t->figure.forest->bundle;
    cells row;

    fill(t, row, " ");
    put_reference(t, row, mtp_forest_reference(&t->figure), "┊");
    put_reference(t, row, mtp_forest_null(bundle), "│");
    put_marks(t, row, data);
    add_line(t, line->label, indent_of(line), row, figures_of(t, line));
}

static void add_lines(terminal *t)
{
    for (size_t i = 0; i < t->figure.n_lines; i++) {
        const mtp_forest_line *line = &t->figure.line[i];

        if (line->kind == MTP_LINE_HEADING && i > 0) {
            mtp_strbuf_add_char(&t->out, '\n');
        }
        if (line->kind == MTP_LINE_ROW) {
            add_row(t, line);
        } else {
            size_t indent = indent_of(line);

            mtp_strbuf_add_repeated(&t->out, ' ', indent);
            mtp_display_wrap(&t->out, line->label, indent, indent, t->width);
        }
    }
}

/* Where a label of tick i would begin, within the plot. */
static size_t label_start(const terminal *t, size_t i, size_t width)
{
    size_t middle = cell_of(t, mtp_axis_tick(&t->figure.axis, i));
    size_t start = middle > width / 2 ? middle - width / 2 : 0;

    return start + width > t->plot ? t->plot - width : start;
}

/* Add the labels of every stride-th tick; false, with nothing added, where two touch.
 */
static bool label_ticks(terminal *t, size_t stride)
{
    mtp_strbuf line;
    size_t at = 0;
    bool fits = true;

    mtp_strbuf_init(&line);
    for (size_t i = 0; fits && i < t->figure.axis.n_ticks; i += stride) {
        const char *label = mtp_figure_tick(t->figure.scene, &t->figure.axis, i);
        size_t width = mtp_display_width(label);
        size_t start = width < t->plot ? label_start(t, i, width) : 0;

        fits = i == 0 || start > at;
        mtp_strbuf_add_repeated(&line, ' ', fits ? start - at : 0);
        mtp_strbuf_add(&line, label);
        at = start + width;
    }
    if (fits && !line.failed) {
        mtp_strbuf_add(&t->out, line.text);
    }
    t->out.failed = t->out.failed || line.failed;
    mtp_strbuf_free(&line);
    return fits || line.failed;
}

static void add_axis(terminal *t)
{
    const mtp_axis *axis = &t->figure.axis;
    cells row;

    fill(t, row, "─");
    for (size_t i = 0; i < axis->n_ticks; i++) {
        row[cell_of(t, mtp_axis_tick(axis, i))] = "┬";
    }
    add_line(t, "", 0, row, "");
    mtp_strbuf_add_repeated(&t->out, ' ', t->label + GAP);
    for (size_t stride = 1; !label_ticks(t, stride);) {
        stride++;
    }
    mtp_strbuf_add_char(&t->out, '\n');
}

static void draw(terminal *t)
{
    const mtp_forest *forest = t->figure.forest;
    cells row;

    place_columns(t);
    t->largest = mtp_forest_largest_size(&t->figure);
    mtp_display_wrap(&t->out, mtp_forest_title(t->figure.scene, forest), 0, 0,
                     t->width);
    fill(t, row, " ");
    add_line(t, t->figure.column[0].header, 0, row, estimate_header(t));
    add_lines(t);
    add_axis(t);
    mtp_display_wrap(
        &t->out,
        mtp_scene_printf(t->figure.scene,
                         "■ ▪ · study, by its %s; ◇ common effect; ◆ random effects; "
                         "%s◄ ► beyond the axis",
                         t->figure.has_weight ? "weight" : "size",
                         mtp_forest_has(&t->figure, MTP_FOREST_PREDICTION)
                             ? "╞═╡ prediction interval; "
                             : ""),
        0, 0, t->width);
}

/* The text with ASCII alone in its own words and marks; names stay as they are. */
static void add_plain(mtp_strbuf *out, const char *text)
{
    while (*text) {
        size_t i = 0, n = sizeof plain / sizeof *plain, length = 1;

        while (i < n && strncmp(text, plain[i].glyph, strlen(plain[i].glyph)) != 0) {
            i++;
        }
        if (i < n) {
            mtp_strbuf_add(out, plain[i].ascii);
            length = strlen(plain[i].glyph);
        } else {
            mtp_strbuf_add_char(out, *text);
        }
        text += length;
    }
}

static char *render(const mtp_forest *forest, const mtp_forest_text_options *options)
{
    terminal t = {.figure = mtp_forest_begin(forest),
                  .width = options->width < WIDTH_LEAST  ? WIDTH_LEAST
                           : options->width > WIDTH_MOST ? WIDTH_MOST
                                                         : (size_t)options->width};
    mtp_strbuf out;

    if (!t.figure.scene) {
        return NULL;
    }
    mtp_strbuf_init(&t.out);
    mtp_strbuf_init(&out);
    if (mtp_forest_choose_axis(&t.figure) && mtp_forest_make_lines(&t.figure)) {
        draw(&t);
    } else {
        t.out.failed = true;
    }
    t.out.failed = t.out.failed || t.figure.scene->failed;
    if (options->ascii && !t.out.failed) {
        add_plain(&out, t.out.text);
        mtp_strbuf_free(&t.out);
        t.out = out;
    }
    mtp_scene_free(t.figure.scene);
    return mtp_strbuf_take(&t.out, NULL);
}

void mtp_forest_text_options_init(mtp_forest_text_options *options, size_t size)
{
    const mtp_forest_text_options defaults = {sizeof defaults, 80, false};

    mtp_options_give(options, size, &defaults, sizeof defaults);
    options->size = size;
}

mtp_status mtp_forest_text(const mtp_forest *forest,
                           const mtp_forest_text_options *given, char **text,
                           mtp_error *err)
{
    mtp_forest_text_options options;
    char *done;

    assert(forest && text);
    mtp_forest_text_options_init(&options, sizeof options);
    if (given) {
        memcpy(&options, given,
               given->size < sizeof options ? given->size : sizeof options);
    }
    done = render(forest, &options);
    if (!done) {
        return mtp_fail_nomem(err);
    }
    *text = done;
    return MTP_OK;
}
