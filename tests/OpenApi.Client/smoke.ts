// A client generated from the document, used against the running service: API is its address, KEY a key of it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Problem = components["schemas"]["Problem"];

const client = createClient<paths>({
  baseUrl: process.env["API"]!,
  headers: { Authorization: `Bearer ${process.env["KEY"]}` },
  // As the document says: lists with commas between, objects as one parameter for each member.
  querySerializer: { array: { style: "form", explode: false }, object: { style: "form", explode: true } },
});
const clientId = `ts-${randomUUID()}`;

const remembered = await client.POST("/api/v1/memory/remember", {
  params: { header: { "Idempotency-Key": randomUUID() } },
  body: { content: "Ada prefers calls before noon.", client_id: clientId, memory_type: "event", metadata: { project: "audit" } },
});
assert.equal(remembered.response.status, 201);
assert(remembered.data);
const memoryId: string = remembered.data.memory_id;
const scope: "run" | "session" | "user" | "project" | "global" = remembered.data.memory_scope;
assert.equal(scope, "user");

const batch = await client.POST("/api/v1/memory/remember/batch", {
  body: { client_id: clientId, items: [{ content: "Sent the draft." }, { content: "We bill by the hour.", memory_type: "decision", speaker: null }] },
});
assert.equal(batch.data?.items.length, 2);

const recalled = await client.GET("/api/v1/memory/recall", {
  params: { query: { query: "When does Ada take calls?", client_id: clientId, k: 5, scopes: ["user", "global"], metadata: { "metadata.project": "audit" } } },
});
assert(recalled.data && !("context" in recalled.data));
assert.deepEqual(recalled.data.results.map((result) => result.memory_id), [memoryId]);
assert.equal(recalled.data.results[0]?.speaker, null);

const prompt = await client.GET("/api/v1/memory/recall", {
  params: { query: { query: "When does Ada take calls?", client_id: clientId, format: "context", max_tokens: 200 } },
});
assert(prompt.data && "context" in prompt.data);
assert.match(prompt.data.context, /Ada prefers calls before noon\./);

const byBody = await client.POST("/api/v1/memory/recall", { body: { query: "bill", client_id: clientId, memory_type: "decision" } });
assert.equal(byBody.data?.result_count, 1);

const firstPage = await client.GET("/api/v1/memory/events", { params: { query: { client_id: clientId, limit: 2 } } });
assert.equal(firstPage.data?.items.length, 2);
const cursor = firstPage.data?.next_cursor;
assert(typeof cursor === "string");
const lastPage = await client.GET("/api/v1/memory/events", { params: { query: { client_id: clientId, limit: 2, cursor } } });
assert.deepEqual(lastPage.data?.items.map((event) => event.memory_id), [memoryId]);
assert.equal(lastPage.data?.next_cursor, null);

const event = await client.GET("/api/v1/memory/events/{id}", { params: { path: { id: memoryId } } });
assert.equal(event.data?.content, "Ada prefers calls before noon.");
assert.equal((await client.DELETE("/api/v1/memory/events/{id}", { params: { path: { id: memoryId } } })).response.status, 204);

const gone = await client.GET("/api/v1/memory/events/{id}", { params: { path: { id: memoryId } } });
const missing: Problem | undefined = gone.error;
assert.deepEqual([gone.response.status, missing?.status, missing?.code], [404, 404, "not_found"]);

const fact = await client.POST("/api/v1/memory/facts", {
  body: { client_id: clientId, subject_type: "user", subject_id: "Ada", fact_type: "availability", fact_key: "work_hours", content: "Works 9 to 17." },
});
assert(fact.data);
const changed = await client.POST("/api/v1/memory/facts/{id}/update", {
  params: { path: { id: fact.data.fact_id } },
  body: { content: "Works 8 to 16." },
});
assert.equal(changed.data?.replaced_fact_id, fact.data.fact_id);
const late = await client.POST("/api/v1/memory/facts/{id}/update", { params: { path: { id: fact.data.fact_id } }, body: { content: "Works 7 to 15." } });
const conflict: Problem | undefined = late.error;
assert.deepEqual([conflict?.status, conflict?.code, conflict?.current_fact_id], [409, "fact_superseded", changed.data?.fact_id]);

// @ts-expect-error: the compiler knows the kinds of memory; the service refuses what gets past it.
const refused = await client.POST("/api/v1/memory/remember", { body: { content: "x", client_id: clientId, memory_type: "dream" } });
const wrong: Problem | undefined = refused.error;
assert.deepEqual([wrong?.status, wrong?.code, wrong?.errors?.map((fault) => fault.pointer)], [400, "invalid_request", ["/memory_type"]]);
