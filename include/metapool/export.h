/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_EXPORT_H
#define METAPOOL_EXPORT_H

/**
 * @file export.h
 * MTP_API marks what the shared library exports; everything else is hidden.
 */
#if defined(__GNUC__) || defined(__clang__)
#define MTP_API __attribute__((visibility("default")))
#define MTP_PRINTF(format_index, first_argument)                                       \
    __attribute__((format(printf, format_index, first_argument)))
#else
#define MTP_API
#define MTP_PRINTF(format_index, first_argument)
#endif

#endif
