/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plot of all subsets shows, as CSV (RFC 4180) and as JSON. */
#include "metapool/gosh_map.h"
#include "metapool/sensitivity_analysis.h"

#include "plot/figure_json.h"
#include "plot/gosh_figure.h"

#include <inttypes.h>
#include <math.h>

static double start(const mtp_gosh_cells *cells, size_t i)
{
    return (double)(cells->first + (int64_t)i) * cells->width;
}

static void add_cell(mtp_strbuf *out, double value)
{
    mtp_strbuf_add_number(out, value);
    mtp_strbuf_add_char(out, ',');
}

static void add_csv_cells(mtp_strbuf *out, const mtp_gosh_map *map)
{
    for (size_t i = 0; i < map->x.n * map->y.n; i++) {
        size_t column = i % map->x.n, row = i / map->x.n;

        if (map->count[i] > 0) {
            mtp_strbuf_add(out, "cell,");
            add_cell(out, start(&map->x, column));
            add_cell(out, start(&map->x, column + 1));
            add_cell(out, start(&map->y, row));
            add_cell(out, start(&map->y, row + 1));
            mtp_strbuf_printf(out, "%" PRIu64 ",%" PRIu64 "\n", map->count[i],
                              map->with[i]);
        }
    }
}

void mtp_gosh_figure_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_gosh_map *map = bundle->gosh_map;

    mtp_strbuf_printf(out,
                      "kind,estimate_from,estimate_to,%s_from,%s_to,subsets,with\n",
                      mtp_gosh_axis_id(map->axis), mtp_gosh_axis_id(map->axis));
    for (size_t i = 0; i < map->n_points; i++) {
        const mtp_gosh_point *point = &map->point[i];

        mtp_strbuf_add(out, "subset,");
        add_cell(out, point->estimate);
        add_cell(out, point->estimate);
        add_cell(out, point->value);
        add_cell(out, point->value);
        mtp_strbuf_add(out, point->with ? "1,1\n" : "1,0\n");
    }
    if (map->n_points == 0) {
        add_csv_cells(out, map);
    }
}

static void add_side(mtp_strbuf *out, const char *prefix, const mtp_gosh_cells *cells)
{
    mtp_figure_json_number(out, prefix, start(cells, 0));
    mtp_figure_json_number(out, ", \"width\": ", cells->width);
    mtp_figure_json_number(out, ", \"n\": ", (double)cells->n);
    mtp_strbuf_add_char(out, '}');
}

static void add_cells(mtp_strbuf *out, const mtp_gosh_map *map)
{
    const char *prefix = "\n    {\"column\": ";

    add_side(out, ",\n  \"columns\": {\"from\": ", &map->x);
    add_side(out, ",\n  \"rows\": {\"from\": ", &map->y);
    mtp_strbuf_add(out, ",\n  \"cells\": [");
    for (size_t i = 0; i < map->x.n * map->y.n; i++) {
        if (map->count[i] > 0) {
            mtp_strbuf_printf(
                out,
                "%s%zu, \"row\": %zu, \"subsets\": %" PRIu64 ", \"with\": %" PRIu64 "}",
                prefix, i % map->x.n, i / map->x.n, map->count[i], map->with[i]);
            prefix = ",\n    {\"column\": ";
        }
    }
    mtp_strbuf_add(out, "\n  ]");
}

static void add_points(mtp_strbuf *out, const mtp_gosh_map *map)
{
    mtp_strbuf_add(out, ",\n  \"points\": [");
    for (size_t i = 0; i < map->n_points; i++) {
        mtp_figure_json_number(
            out, i > 0 ? ",\n    {\"estimate\": " : "\n    {\"estimate\": ",
            map->point[i].estimate);
        mtp_figure_json_number(out, ", \"value\": ", map->point[i].value);
        mtp_strbuf_add(out,
                       map->point[i].with ? ", \"with\": true}" : ", \"with\": false}");
    }
    mtp_strbuf_add(out, "\n  ]");
}

void mtp_gosh_figure_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_gosh_map *map = bundle->gosh_map;

    mtp_figure_json_head(out, "metapool.gosh/1", bundle);
    mtp_figure_json_string(
        out, ",\n  \"tau2_method\": ", mtp_tau2_id(bundle->sensitivity->tau2));
    mtp_figure_json_string(out, ",\n  \"y_axis\": ", mtp_gosh_axis_id(map->axis));
    mtp_strbuf_printf(out, ",\n  \"sample\": %s", map->gosh->sample ? "true" : "false");
    mtp_figure_json_number(
        out, ",\n  \"seed\": ", map->gosh->sample ? (double)map->seed : (double)NAN);
    mtp_figure_json_number(out, ",\n  \"fits\": ", (double)map->gosh->n);
    mtp_figure_json_number(out, ",\n  \"subsets\": ", (double)map->n);
    mtp_figure_json_string(out, ",\n  \"highlight\": ", map->highlight);
    mtp_figure_json_number(
        out, ",\n  \"with\": ", map->highlight ? (double)map->n_with : (double)NAN);
    mtp_figure_json_number(out, ",\n  \"all\": {\"estimate\": ", map->estimate);
    mtp_figure_json_number(out, ", \"value\": ", map->value);
    mtp_strbuf_add_char(out, '}');
    add_cells(out, map);
    add_points(out, map);
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
