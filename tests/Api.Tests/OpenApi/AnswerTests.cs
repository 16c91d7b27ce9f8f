using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Actors.Http;

namespace Actors.Api.Tests.OpenApi;

/// <summary>What the service answers is what the document says it answers.</summary>
[Collection(ServiceTests.Name)]
public class AnswerTests(ServiceFixture service)
{
    private const string KeyReused = "idempotency_key_reused";

    private readonly Findings _findings = new();

    [Fact]
    public async Task every_operation_answers_the_documents_own_examples_as_the_document_says()
    {
        var document = await Document.OfAsync(service);
        foreach (var operation in document.Operations)
        {
            foreach (var request in ExampleRequest.AllOf(operation))
            {
                await NameWhatExistsAsync(operation, request);
                var (status, _) = await SendAsync(document, operation, request);
                _findings.Check(status is >= 200 and < 300, $"{operation} answers its example with {status}");
            }
        }

        _findings.AssertNone();
    }

    [Fact]
    public async Task refusals_are_as_the_document_says()
    {
        var document = await Document.OfAsync(service);
        foreach (var operation in document.Operations)
        {
            if (operation.NeedsKey)
            {
                await ExpectAsync(document, operation, 401, _ => { }, key: null);
                await ExpectAsync(document, operation, 401, _ => { }, key: new AuthenticationHeaderValue("Bearer", "wrong"));
            }

            if (operation.Body is not null)
            {
                await ExpectAsync(document, operation, 415, request => request.ContentType = "text/plain");
                await ExpectAsync(document, operation, 413, request => request.Body = new string('x', 1_100_000));
                await ExpectAsync(document, operation, 400, request => request.Body = JsonNode.Parse("""{"nonsense":1}"""));
            }

            if (operation.ParametersIn("query").Any())
            {
                await ExpectAsync(document, operation, 400, request => request.Query["nonsense"] = 1);
            }

            if (operation.ParametersIn("path").Any(parameter => (string?)parameter["schema"]!["format"] == "uuid"))
            {
                await ExpectAsync(document, operation, 404, request => request.Path["id"] = $"{Guid.NewGuid()}");
            }
        }

        _findings.AssertNone();
    }

    [Fact]
    public async Task every_write_that_takes_an_idempotency_key_repeats_its_answer_and_refuses_the_key_for_another_request()
    {
        var document = await Document.OfAsync(service);
        foreach (var operation in document.Operations.Where(operation => operation.TakesIdempotencyKey))
        {
            var request = ExampleRequest.Of(operation);
            await NameWhatExistsAsync(operation, request);
            var first = await SendAsync(document, operation, request);
            var second = await SendAsync(document, operation, request);
            _findings.Check(first.Status == second.Status && JsonNode.DeepEquals(first.Answer, second.Answer), $"{operation} answers a repeat with {second}");
            request.Body = ExampleRequest.AllOf(operation).Last().Body;
            var (status, answer) = await SendAsync(document, operation, request);
            _findings.Check((status, (string?)answer?["code"]) == (422, KeyReused), $"{operation} answers {status} {answer}");
        }

        _findings.AssertNone();
    }

    [Fact]
    public async Task every_write_that_takes_if_match_leaves_other_versions_as_they_are()
    {
        var document = await Document.OfAsync(service);
        var operations = document.Operations.Where(operation => operation.TakesIfMatch).ToList();
        Assert.NotEmpty(operations);
        foreach (var operation in operations)
        {
            // 0: it is taken.
            foreach (var (tags, expected) in ((string, int)[])[("abc", 400), ("\"a", 400), ("*, \"1\"", 400), ("\"1\"", 412), ("\"other\", W/\"1\"", 412), ("*", 0)])
            {
                var request = ExampleRequest.Of(operation);
                await NameWhatExistsAsync(operation, request);
                request.Headers[EntityTags.IfMatchHeader] = tags;
                var (status, _) = await SendAsync(document, operation, request);
                _findings.Check(expected == 0 ? status is >= 200 and < 300 : status == expected, $"{operation} answers {status} to {tags}");
            }
        }

        _findings.AssertNone();
    }

    [Fact]
    public async Task every_rule_the_document_names_is_one_the_service_has()
    {
        var document = await Document.OfAsync(service);
        foreach (var rule in BrokenRules.All)
        {
            var operation = document[rule.Operation];
            var request = ExampleRequest.Of(operation);
            await NameWhatExistsAsync(operation, request, rule.Make);
            if (operation.Stream is null)
            {
                request.Body = JsonNode.Parse(rule.Body);
            }
            else
            {
                request.Lines = rule.Body;
            }

            var (status, answer) = await SendAsync(document, operation, request);
            _findings.Check(status is 409 or 422 && (string?)answer?["code"] == rule.Code, $"{rule.Operation} answers {status} {answer} instead of {rule.Code}");
        }

        var documented =
            from operation in document.Operations
            from response in operation.Responses
            where response.Key is 409 or 422
            from code in Codes(response.Value)
            where code != KeyReused
            select (operation.Id, code);
        _findings.AssertNone();
        Assert.Equal(documented.Order(), BrokenRules.All.Select(rule => (rule.Operation, rule.Code)).Concat(BrokenRules.NotTried).Order());
    }

    private static IEnumerable<string> Codes(JsonNode response) =>
        response["content"]!["application/problem+json"]!["examples"]!.AsObject().Select(example => example.Key);

    private async Task ExpectAsync(Document document, Operation operation, int expected, Action<ExampleRequest> change)
        => await ExpectAsync(document, operation, expected, change, service.Client.DefaultRequestHeaders.Authorization);

    private async Task ExpectAsync(Document document, Operation operation, int expected, Action<ExampleRequest> change, AuthenticationHeaderValue? key)
    {
        var request = ExampleRequest.Of(operation);
        change(request);
        var (status, answer) = await SendAsync(document, operation, request, key);
        _findings.Check(status == expected, $"{operation} answers {status} instead of {expected}: {answer}");
    }

    private Task<(int Status, JsonNode? Answer)> SendAsync(Document document, Operation operation, ExampleRequest request) =>
        SendAsync(document, operation, request, service.Client.DefaultRequestHeaders.Authorization);

    private async Task<(int Status, JsonNode? Answer)> SendAsync(Document document, Operation operation, ExampleRequest request, AuthenticationHeaderValue? key)
    {
        using var client = new HttpClient { BaseAddress = service.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = key;
        using var message = request.ToMessage();
        using var response = await client.SendAsync(message, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var status = (int)response.StatusCode;
        if (!operation.Responses.TryGetValue(status, out var documented))
        {
            _findings.Check(false, $"{operation} answers {status}, of which the document knows nothing: {text}");
            return (status, null);
        }

        foreach (var (header, rules) in documented["headers"] as JsonObject ?? [])
        {
            _findings.Check(response.Headers.Contains(header) || !(bool)rules!["required"]!, $"{operation} {status} comes without {header}");
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        _findings.Check(type is null == documented["content"] is null, $"{operation} {status} is of type {type}");
        if (type is null || documented["content"] is null)
        {
            return (status, null);
        }

        _findings.Check(documented["content"]![type] is not null, $"{operation} {status} is of type {type}");
        var answer = type.EndsWith("json", StringComparison.Ordinal) && type != "application/x-ndjson" ? JsonNode.Parse(text) : text;
        _findings.Add(document.Schemas.Faults(answer, documented["content"]![type]!["schema"]!).Select(fault => $"{operation} {status} {fault}"));
        _findings.Check(type != "application/problem+json" || Codes(documented).Contains((string?)answer!["code"]), $"{operation} {status} has an unknown code: {text}");
        return (status, answer);
    }

    /// <summary>Puts the id of something that is there into the request, where it takes one.</summary>
    private async Task NameWhatExistsAsync(Operation operation, ExampleRequest request, Func<ServiceFixture, Task<string>>? make = null)
    {
        make ??= operation.Path switch
        {
            _ when request.Path.ContainsKey("run") => Made.RunAsync,
            _ when request.Path.ContainsKey("sprint") => Made.SprintAsync,
            _ when !request.Path.ContainsKey("id") => null,
            var path when path.Contains("/events/", StringComparison.Ordinal) => Made.EventAsync,
            var path when path.Contains("/promotions/", StringComparison.Ordinal) => service => Made.PromotionAsync(service, "1"),
            var path when path.Contains("/facts/", StringComparison.Ordinal) => Made.FactAsync,
            var path when path.Contains("/workflows/", StringComparison.Ordinal) => Made.WorkflowAsync,
            var path when path.Contains("/service-blueprints/", StringComparison.Ordinal) => Made.BlueprintAsync,
            var path when path.Contains("/process-templates/", StringComparison.Ordinal) => Made.TemplateAsync,
            var path when path.Contains("/plans/", StringComparison.Ordinal) => service => Made.PlanAsync(service),
            var path when path.Contains("/tasks/", StringComparison.Ordinal) => Made.TaskAsync,
            var path when path.Contains("/projects/", StringComparison.Ordinal) => Made.ProjectAsync,
            var path when path.Contains("/prompt-templates/", StringComparison.Ordinal) => Made.PromptAsync,
            var path when path.Contains("/webhooks/", StringComparison.Ordinal) => Made.WebhookAsync,
            var path when path.Contains("/outbox/", StringComparison.Ordinal) => Made.OutboxAsync,
            var path when path.EndsWith("/import", StringComparison.Ordinal) => service => Task.FromResult(service.NewClient()),
            var path when path.Contains("/clients/", StringComparison.Ordinal) => Made.ClientAsync,
            var path when path.Contains("/keys/", StringComparison.Ordinal) => service => Made.KeyAsync(service),
            _ => null,
        };
        if (operation.Id == "createPromptTemplate")
        {
            // A name can be taken once only.
            request.Body!["name"] = Made.NewPromptName();
        }

        if (make is not null)
        {
            var made = await make(service);
            foreach (var name in request.Path.Keys.Where(name => name is "run" or "sprint" or "id" or "letter"))
            {
                request.Path[name] = made;
            }
        }

        // A week has one sprint.
        if (request.Body is JsonObject body && body.ContainsKey("sprint_id"))
        {
            body["sprint_id"] = Made.FreeWeek();
        }
    }
}
