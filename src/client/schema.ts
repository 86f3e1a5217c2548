// Generated from the OpenAPI document by `npm run client`; not written by hand.
export interface paths {
    "/v1/shows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows, newest first */
        get: operations["listShows"];
        put?: never;
        /**
         * Open a show
         * @description Decided in the stream like everything else; waits up to 10 seconds for that.
         */
        post: operations["openShow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A show and what is left of it
         * @description As of the last decision that changed it.
         */
        get: operations["getShow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a show
         * @description Decided in the stream, in order with the reservations; waits up to 10 seconds for that. Of If-Match only the revision counts, so a busy sale is not in the way.
         */
        patch: operations["changeShow"];
        trace?: never;
    };
    "/v1/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reservations, newest first
         * @description A customer’s own. A service lists those of the customer it acts for; services that name none, and administrators, list all of a show by showId. Those that have been decided; what is still in the queue is found by its id.
         */
        get: operations["listReservations"];
        put?: never;
        /**
         * Ask for places
         * @description All lines or none. 202 means: it is in the queue, will be decided in the order of arrival and is never lost. With Prefer: wait=N the decision itself is answered, if it is made in time.
         */
        post: operations["requestReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for places for many
         * @description Up to a hundred requests for places in one call, for box offices, imports, and gateways that collect. Each is a request of its own, with its own key, and is answered in its place as if it had come alone; a mistake in one concerns no other. With Prefer: wait=N the call is answered when all are decided.
         */
        post: operations["requestReservations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a hold
         * @description The places are taken for good. A hold that has expired is confirmed too, if its places are still free and the limits allow it. Once it is confirmed, another "reference" is refused: of two payments the second learns that it is not the one.
         */
        post: operations["confirmReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend a hold
         * @description Once: it then lasts as long as a new one from now.
         */
        post: operations["extendHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give places back
         * @description All of them, or those in "lines", which needs an Idempotency-Key: a repetition without one would give back once more. They are free for the next request in the queue.
         */
        post: operations["cancelReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shows/{id}/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A show and what is left of it, as it changes
         * @description Server-sent events, each the whole show as GET shows it; at most four a second. One address may have a quarter of the streams of a process open (unless set otherwise); one more is 429.
         */
        get: operations["watchShow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A reservation
         * @description Never 404 for what was accepted. With Prefer: wait=N the answer waits while it is pending.
         */
        get: operations["getReservation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a reservation came to be what it is
         * @description Each request and what was decided on it, oldest first, and the lapse of its hold; the first thousand of them. Empty while the first is still in the queue.
         */
        get: operations["getReservationHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{id}/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A reservation, as it changes
         * @description Server-sent events, each the whole reservation as GET shows it. Ends when it is confirmed, rejected, cancelled or expired, and with the token it was opened with: come back with a fresh one and Last-Event-ID. A customer may have a few streams open (10 unless set otherwise); one more is 429.
         */
        get: operations["watchReservation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The feed: every decision, oldest first
         * @description CloudEvents 1.0. `data` has the reservation as it was right after the decision, and the pools that the decision moved. Nothing is skipped; no order is promised between two partitions. With Prefer: wait=N the answer waits for the next decision; with Accept: text/event-stream it is a stream of server-sent events, whose ids are cursors.
         */
        get: operations["listDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            /**
             * Format: uri-reference
             * @description /problems/<code>; GET it for an explanation.
             */
            type: string;
            title: string;
            status: number;
            /** @description What happened here, and what to do next. */
            detail: string;
            /** Format: uri-reference */
            instance?: string;
            /** @enum {string} */
            code: "malformed-json" | "invalid-request" | "key-required" | "unauthenticated" | "forbidden" | "not-found" | "method-not-allowed" | "request-timeout" | "sold-out" | "customer-limit" | "hold-limit" | "duplicate-request" | "sale-not-open" | "sale-closed" | "hold-expired" | "not-held" | "extension-used" | "already-cancelled" | "confirmed-otherwise" | "not-reserved" | "capacity-below-committed" | "history-changed" | "stale-revision" | "payload-too-large" | "unsupported-media-type" | "expectation-failed" | "unknown-pool" | "over-request-limit" | "idempotency-key-reused" | "revision-required" | "too-many-requests" | "headers-too-large" | "internal-error" | "overloaded" | "outcome-unknown" | "stopping";
            errors?: {
                /** @description #/… into the body, ?name for a query parameter, or a header name. */
                pointer: string;
                detail: string;
            }[];
            /** @description The pool that stood in the way. */
            poolId?: string;
            /** @description Places are only held by others and may come back. */
            mayReturn?: boolean;
            /** @description Of the trace that is kept of this request, where one is: name it when you ask for help. */
            trace_id?: string;
        };
        /**
         * @example {
         *       "id": "01941f29-7c00-8003-9a2b-3c4d5e6f7081",
         *       "showId": "01941f29-7000-8003-8123-456789abcdef",
         *       "status": "confirmed",
         *       "lines": [
         *         {
         *           "poolId": "standing",
         *           "quantity": 3
         *         }
         *       ],
         *       "reference": "order-17",
         *       "requestedAt": "2025-01-01T00:00:00.000Z",
         *       "decidedAt": "2025-01-01T00:00:00.012Z"
         *     }
         */
        Reservation: {
            id: string;
            showId?: string;
            /** @enum {string} */
            status: "pending" | "held" | "confirmed" | "rejected" | "cancelled" | "expired";
            /** @description Why it was rejected: one of the problem codes. */
            reason?: string;
            poolId?: string;
            /** @description Its Idempotency-Key was used before: the request that counts. */
            firstId?: string;
            lines?: {
                poolId: string;
                quantity: number;
            }[];
            /** @description Yours to choose, e.g. an order number. Not unique. */
            reference?: string;
            /** @description Told only to services and administrators. */
            customerId?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            expiresAt?: string;
            /** @description The hold was extended, which works once. */
            extended?: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            requestedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            decidedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            changedAt?: string;
        };
        /**
         * @example {
         *       "id": "01941f29-7000-8003-8123-456789abcdef",
         *       "name": "Opening night",
         *       "revision": 1,
         *       "pools": [
         *         {
         *           "id": "standing",
         *           "name": "Standing",
         *           "capacity": 500,
         *           "held": 0,
         *           "confirmed": 3,
         *           "available": 497
         *         }
         *       ],
         *       "maxPerRequest": 6,
         *       "openedAt": "2025-01-01T00:00:00.000Z",
         *       "asOf": "2025-01-01T00:00:00.012Z"
         *     }
         */
        Show: {
            id: string;
            name: string;
            /** @description Raised by changes to the show, not by reservations. */
            revision: number;
            pools: {
                id: string;
                name: string;
                capacity: number;
                held: number;
                confirmed: number;
                available: number;
                /** @description Capacity follows down to it as places come back. */
                target?: number;
            }[];
            /** @description Places one reservation may ask for, over all its lines. */
            maxPerRequest?: number;
            /** @description Places one customer may have of the show, held and confirmed, over all reservations. */
            maxPerCustomer?: number;
            /** @description With it, places are held for so long and have to be confirmed. */
            holdSeconds?: number;
            /**
             * @description Who may confirm a hold; the customer unless said otherwise.
             * @enum {string}
             */
            confirmBy?: "customer" | "service";
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            opensAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            closesAt?: string;
            /** @description Closed by hand: no new reservations are taken. */
            closed?: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            openedAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            asOf: string;
        };
        DecisionEvent: {
            /** @constant */
            specversion: "1.0";
            /** @description Of the decision; the same whenever and however it is delivered. */
            id: string;
            /** @description The show, or the partition where the decision names none. */
            source: string;
            /** @description `onsale.` and what was decided. */
            type: string;
            /** @description The id of the reservation. */
            subject?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds.
             */
            time: string;
            /** @constant */
            datacontenttype: "application/json";
            traceparent?: string;
            data: {
                /** @description false where the journal has not kept all of this: a decision of an older or a newer build. */
                complete: boolean;
                /** @description Of the request that was decided; absent where a hold lapsed. */
                requestId?: string;
                reservation?: components["schemas"]["Reservation"];
                show?: {
                    id: string;
                    name: string;
                    revision: number;
                } & {
                    [key: string]: unknown;
                };
                /** @description Those that the decision moved, as they were right after it. */
                pools?: {
                    id: string;
                    held: number;
                    confirmed: number;
                    capacity: number;
                }[];
                /** @description The lines that it gave back. */
                released?: unknown[];
                /** @description The request that was refused, or had nothing left to do. */
                asked?: string;
                /** @description The type of a decision that this version cannot read. */
                decision?: string;
                /** @description Why it was refused: one of the problem codes. */
                reason?: string;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listShows: {
        parameters: {
            query?: {
                /** @description Default 20. */
                limit?: number;
                /** @description nextCursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Show"][];
                        /** @description null on the last page. A page may be short, or empty, and not be the last. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openShow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Yours to choose, unique for each command: repeated with it, a command acts once. What was decided then is answered, with the reservation or show as it is now. 1 to 255 characters, quoted or not; remembered for 24 hours. Where the service asks for one with every POST, 400 `key-required` without. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Opening night",
                 *       "pools": [
                 *         {
                 *           "id": "standing",
                 *           "name": "Standing",
                 *           "capacity": 500
                 *         }
                 *       ],
                 *       "maxPerRequest": 6,
                 *       "holdSeconds": 600,
                 *       "opensAt": "2025-01-01T00:00:00.000Z"
                 *     }
                 */
                "application/json": {
                    name: string;
                    pools: {
                        id: string;
                        name: string;
                        capacity: number;
                    }[];
                    /** @description Places one reservation may ask for, over all its lines. */
                    maxPerRequest?: number;
                    /** @description Places one customer may have of the show, held and confirmed, over all reservations. */
                    maxPerCustomer?: number;
                    /** @description With it, places are held for so long and have to be confirmed. */
                    holdSeconds?: number;
                    /**
                     * @description Who may confirm a hold; the customer unless said otherwise.
                     * @enum {string}
                     */
                    confirmBy?: "customer" | "service";
                    /**
                     * Format: date-time
                     * @description RFC 3339, in any offset, in the years 0001 to 9999. A suffix as in `[Europe/Berlin]` (RFC 9557) is left aside, or checked where it is marked critical: `[!Europe/Berlin]`.
                     */
                    opensAt?: string;
                    /**
                     * Format: date-time
                     * @description RFC 3339, in any offset, in the years 0001 to 9999. A suffix as in `[Europe/Berlin]` (RFC 9557) is left aside, or checked where it is marked critical: `[!Europe/Berlin]`.
                     */
                    closesAt?: string;
                    /** @description Chosen for you unless given. */
                    partition?: number;
                };
            };
        };
        responses: {
            /** @description The show is open. */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description For If-None-Match. */
                    ETag?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Show"];
                };
            };
            /** @description Not decided yet; look at Location after Retry-After seconds. */
            202: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description Seconds after which another look is worth it. */
                    "Retry-After"?: number;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01941f29-7000-8003-8123-456789abcdef",
                     *       "status": "pending"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        status: "pending";
                    };
                };
            };
            /** @description `malformed-json`: Request body is not valid JSON. `invalid-request`: Invalid request. `key-required`: Idempotency-Key required. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `duplicate-request`: Duplicate request. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload-too-large`: Request body too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: Request body must be JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: Idempotency-Key belongs to another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. `outcome-unknown`: Outcome unknown. `stopping`: Process is stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getShow: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The show. */
            200: {
                headers: {
                    /** @description For If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Show"];
                };
            };
            /** @description As If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeShow: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag the show was read with; a list of such, of 100 revisions at most, where any of them will do; or `*` to change it whatever it has become. A weak one (`W/"…"`) counts like another. Required.
                 * @example "1.1769889600012"
                 */
                "if-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "pools": [
                 *         {
                 *           "id": "standing",
                 *           "capacity": 600
                 *         }
                 *       ],
                 *       "closesAt": null
                 *     }
                 */
                "application/json": {
                    name?: string;
                    /** @description By id: the others stay as they are, and a new id, which needs a capacity, adds a pool. */
                    pools?: {
                        id: string;
                        name?: string;
                        capacity?: number;
                    }[];
                    /** @description null takes it away. */
                    maxPerRequest?: number | null;
                    /** @description null takes it away. */
                    maxPerCustomer?: number | null;
                    /** @description null takes it away. */
                    holdSeconds?: number | null;
                    /**
                     * Format: date-time
                     * @description null takes it away.
                     */
                    opensAt?: string | null;
                    /**
                     * Format: date-time
                     * @description null takes it away.
                     */
                    closesAt?: string | null;
                    /** @description Closed by hand: no new reservations; what is held may be confirmed. */
                    closed?: boolean;
                    /** @description A capacity below what is held and confirmed becomes a target that it follows down to. */
                    force?: boolean;
                };
            };
        };
        responses: {
            /** @description The show as it is now. */
            200: {
                headers: {
                    /** @description For If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Show"];
                };
            };
            /** @description Not decided yet; look at Location after Retry-After seconds. */
            202: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description Seconds after which another look is worth it. */
                    "Retry-After"?: number;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01941f29-7000-8003-8123-456789abcdef",
                     *       "status": "pending"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        status: "pending";
                    };
                };
            };
            /** @description `malformed-json`: Request body is not valid JSON. `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `capacity-below-committed`: Capacity below the places already taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale-revision`: Show has changed since it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload-too-large`: Request body too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: Request body must be JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown-pool`: Unknown pool. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `revision-required`: If-Match required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. `outcome-unknown`: Outcome unknown. `stopping`: Process is stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReservations: {
        parameters: {
            query?: {
                showId?: string;
                status?: "pending" | "held" | "confirmed" | "rejected" | "cancelled" | "expired";
                /** @description Yours to choose, e.g. an order number. Not unique. */
                reference?: string;
                /** @description Default 20. */
                limit?: number;
                /** @description nextCursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Reservation"][];
                        /** @description null on the last page. A page may be short, or empty, and not be the last. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Yours to choose, unique for each command: repeated with it, a command acts once. What was decided then is answered, with the reservation or show as it is now. 1 to 255 characters, quoted or not; remembered for 24 hours. Where the service asks for one with every POST, 400 `key-required` without. */
                "idempotency-key"?: string;
                /** @description wait=N: wait up to N ≤ 30 seconds for the decision. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "showId": "01941f29-7000-8003-8123-456789abcdef",
                 *       "lines": [
                 *         {
                 *           "poolId": "standing",
                 *           "quantity": 3
                 *         }
                 *       ],
                 *       "reference": "order-17"
                 *     }
                 */
                "application/json": {
                    showId: string;
                    lines: {
                        poolId: string;
                        quantity: number;
                    }[];
                    /** @description Yours to choose, e.g. an order number. Not unique. */
                    reference?: string;
                };
            };
        };
        responses: {
            /** @description Decided while waiting: the places are yours, or held for you until "expiresAt". */
            201: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description For If-None-Match. */
                    ETag?: string;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            /** @description In the queue; look at Location after Retry-After seconds. */
            202: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description Seconds after which another look is worth it. */
                    "Retry-After"?: number;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            /** @description `malformed-json`: Request body is not valid JSON. `invalid-request`: Invalid request. `key-required`: Idempotency-Key required. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `duplicate-request`: Duplicate request. `sold-out`: Not enough places left. `customer-limit`: Customer limit for this show reached. `hold-limit`: Too many holds. `sale-not-open`: Sale not open yet. `sale-closed`: Sale closed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload-too-large`: Request body too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: Request body must be JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: Idempotency-Key belongs to another request. `unknown-pool`: Unknown pool. `over-request-limit`: Too many places for one request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. `outcome-unknown`: Outcome unknown. `stopping`: Process is stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestReservations: {
        parameters: {
            query?: never;
            header?: {
                /** @description wait=N: wait up to N ≤ 30 seconds for all decisions. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "requests": [
                 *         {
                 *           "customerId": "alice",
                 *           "showId": "01941f29-7000-8003-8123-456789abcdef",
                 *           "lines": [
                 *             {
                 *               "poolId": "standing",
                 *               "quantity": 3
                 *             }
                 *           ],
                 *           "reference": "order-17",
                 *           "key": "order-17"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    requests: {
                        /** @description Who reserves; 1 to 128 bytes of UTF-8. */
                        customerId: string;
                        showId: string;
                        lines: {
                            poolId: string;
                            quantity: number;
                        }[];
                        /** @description Yours to choose, e.g. an order number. Not unique. */
                        reference?: string;
                        /** @description What the header Idempotency-Key is to a call of one: the same key, of the same customer, in either place. */
                        key?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description What each request would have been answered alone, in their order. */
            200: {
                headers: {
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        results: ({
                            /** @enum {integer} */
                            status: 201 | 202;
                            reservation: components["schemas"]["Reservation"];
                            /**
                             * @description Its key was seen before: what was decided then, with the reservation as it is now.
                             * @enum {boolean}
                             */
                            replayed?: true;
                            /** @description When another look, or another try, is worth it. */
                            retryAfterSeconds?: number;
                        } | {
                            /** @enum {integer} */
                            status: 400 | 403 | 404 | 409 | 422 | 429 | 500 | 503;
                            problem: components["schemas"]["Problem"];
                            /**
                             * @description Its key was seen before: what was decided then, with the reservation as it is now.
                             * @enum {boolean}
                             */
                            replayed?: true;
                            /** @description When another look, or another try, is worth it. */
                            retryAfterSeconds?: number;
                        })[];
                    };
                };
            };
            /** @description `malformed-json`: Request body is not valid JSON. `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload-too-large`: Request body too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: Request body must be JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. `outcome-unknown`: Outcome unknown. `stopping`: Process is stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Yours to choose, unique for each command: repeated with it, a command acts once. What was decided then is answered, with the reservation or show as it is now. 1 to 255 characters, quoted or not; remembered for 24 hours. Where the service asks for one with every POST, 400 `key-required` without. */
                "idempotency-key"?: string;
                /** @description wait=N: wait up to N ≤ 30 seconds; 5 without it. */
                prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reference": "payment-4711"
                 *     }
                 */
                "application/json": {
                    /** @description Yours to choose, e.g. an order number. Not unique. */
                    reference?: string;
                };
            };
        };
        responses: {
            /** @description Carried out, or it was so already: the reservation as it is now. */
            200: {
                headers: {
                    /** @description For If-None-Match. */
                    ETag?: string;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            /** @description In the queue; look at Location after Retry-After seconds. */
            202: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description Seconds after which another look is worth it. */
                    "Retry-After"?: number;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01941f29-7c00-8003-9a2b-3c4d5e6f7081",
                     *       "requested": "ConfirmationRequested"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        /** @description What was asked for, as the history names it. */
                        requested: string;
                    };
                };
            };
            /** @description `malformed-json`: Request body is not valid JSON. `invalid-request`: Invalid request. `key-required`: Idempotency-Key required. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `duplicate-request`: Duplicate request. `hold-expired`: Hold expired. `already-cancelled`: Reservation already cancelled. `confirmed-otherwise`: Already confirmed with another reference. `not-reserved`: Reservation does not have these places. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload-too-large`: Request body too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: Request body must be JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: Idempotency-Key belongs to another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. `outcome-unknown`: Outcome unknown. `stopping`: Process is stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    extendHold: {
        parameters: {
            query?: never;
            header?: {
                /** @description Yours to choose, unique for each command: repeated with it, a command acts once. What was decided then is answered, with the reservation or show as it is now. 1 to 255 characters, quoted or not; remembered for 24 hours. Where the service asks for one with every POST, 400 `key-required` without. */
                "idempotency-key"?: string;
                /** @description wait=N: wait up to N ≤ 30 seconds; 5 without it. */
                prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Carried out, or it was so already: the reservation as it is now. */
            200: {
                headers: {
                    /** @description For If-None-Match. */
                    ETag?: string;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            /** @description In the queue; look at Location after Retry-After seconds. */
            202: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description Seconds after which another look is worth it. */
                    "Retry-After"?: number;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01941f29-7c00-8003-9a2b-3c4d5e6f7081",
                     *       "requested": "ConfirmationRequested"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        /** @description What was asked for, as the history names it. */
                        requested: string;
                    };
                };
            };
            /** @description `malformed-json`: Request body is not valid JSON. `invalid-request`: Invalid request. `key-required`: Idempotency-Key required. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `duplicate-request`: Duplicate request. `hold-expired`: Hold expired. `not-held`: Reservation is not held. `extension-used`: Hold already extended. `already-cancelled`: Reservation already cancelled. `not-reserved`: Reservation does not have these places. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload-too-large`: Request body too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: Request body must be JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: Idempotency-Key belongs to another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. `outcome-unknown`: Outcome unknown. `stopping`: Process is stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Yours to choose, unique for each command: repeated with it, a command acts once. What was decided then is answered, with the reservation or show as it is now. 1 to 255 characters, quoted or not; remembered for 24 hours. Where the service asks for one with every POST, 400 `key-required` without. */
                "idempotency-key"?: string;
                /** @description wait=N: wait up to N ≤ 30 seconds; 5 without it. */
                prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "poolId": "standing",
                 *           "quantity": 1
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    lines?: {
                        poolId: string;
                        quantity: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description Carried out, or it was so already: the reservation as it is now. */
            200: {
                headers: {
                    /** @description For If-None-Match. */
                    ETag?: string;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            /** @description In the queue; look at Location after Retry-After seconds. */
            202: {
                headers: {
                    /** @description Where it is. */
                    Location?: string;
                    /** @description Seconds after which another look is worth it. */
                    "Retry-After"?: number;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    /** @description The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01941f29-7c00-8003-9a2b-3c4d5e6f7081",
                     *       "requested": "ConfirmationRequested"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        /** @description What was asked for, as the history names it. */
                        requested: string;
                    };
                };
            };
            /** @description `malformed-json`: Request body is not valid JSON. `invalid-request`: Invalid request. `key-required`: Idempotency-Key required. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `duplicate-request`: Duplicate request. `not-reserved`: Reservation does not have these places. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload-too-large`: Request body too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: Request body must be JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: Idempotency-Key belongs to another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. `outcome-unknown`: Outcome unknown. `stopping`: Process is stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchShow: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was seen: that state is not sent again. */
                "last-event-id"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The show now, and the latest state whenever it has changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description wait=N: wait up to N ≤ 30 seconds while pending. */
                prefer?: string;
                "if-none-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands now. */
            200: {
                headers: {
                    /** @description For If-None-Match. */
                    ETag?: string;
                    /** @description Seconds after which another look is worth it. */
                    "Retry-After"?: number;
                    /** @description wait=N as it was applied. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            /** @description As If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReservationHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Requests and decisions in order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "kind": "request",
                     *           "event": "ReservationRequested",
                     *           "streamId": "1735689600000-7",
                     *           "at": "2025-01-01T00:00:00.000Z",
                     *           "reference": "order-17"
                     *         },
                     *         {
                     *           "kind": "decision",
                     *           "event": "ReservationConfirmed",
                     *           "streamId": "1735689600000-7",
                     *           "at": "2025-01-01T00:00:00.012Z",
                     *           "position": 8,
                     *           "late": false,
                     *           "reference": "order-17",
                     *           "lines": [
                     *             {
                     *               "poolId": "standing",
                     *               "quantity": 3
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: {
                            /** @enum {string} */
                            kind: "request" | "decision" | "parked";
                            /** @description What was asked, or what was decided. */
                            event?: string;
                            /** @description Its place in the stream: the order in which requests arrived. A hold lapses without a request. */
                            streamId?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, UTC, milliseconds.
                             */
                            at: string;
                            /** @description Its place in the journal of the partition. */
                            position?: number;
                            /** @description Decided on arrival, after newer ones. */
                            late?: boolean;
                            reason?: string;
                            /** @description The pool that stood in the way. */
                            poolId?: string;
                            /** @description Of the trace that was kept of the request, where one was. */
                            trace_id?: string;
                            /** @description Of a request, the one it named, whatever became of it; of a decision, the one the reservation has from then on. */
                            reference?: string;
                            lines?: {
                                poolId: string;
                                quantity: number;
                            }[];
                            released?: {
                                poolId: string;
                                quantity: number;
                            }[];
                            /**
                             * Format: date-time
                             * @description RFC 3339, UTC, milliseconds.
                             */
                            expiresAt?: string;
                            /** @description Why it could not be decided and was set aside. */
                            why?: string;
                        }[];
                    };
                };
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was seen: that state is not sent again. */
                "last-event-id"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation now, and each time it changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The state in Last-Event-ID was the last: do not come back. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDecisions: {
        parameters: {
            query?: {
                /** @description A nextCursor: what came after it. `now`: what comes from here on. Without it: from the beginning. */
                after?: string;
                /** @description Default 100. */
                limit?: number;
                showId?: string;
                /** @description With commas between them, e.g. `reservation.*,hold.expired`. Without it: all but queue.*. */
                types?: string;
                partition?: number;
            };
            header?: {
                /** @description wait=N: wait up to N ≤ 30 seconds for a decision. */
                prefer?: string;
                /** @description Of a stream: takes the place of `after`. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the feed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DecisionEvent"][];
                        /** @description For the next page, at once or whenever there is more. */
                        nextCursor: string;
                    };
                    "application/cloudevents-batch+json": components["schemas"]["DecisionEvent"][];
                    "text/event-stream": string;
                };
            };
            /** @description `invalid-request`: Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Authentication required. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-timeout`: Request timed out. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `history-changed`: History has changed. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expectation-failed`: Expect header not supported. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-requests`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `headers-too-large`: Request headers too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal-error`: Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `overloaded`: Temporarily unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
