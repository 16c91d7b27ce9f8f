using System.Security.Cryptography;
using System.Text;
using Actors.Support;

namespace Actors.Api.Tests.Access;

/// <summary>A key works from the moment it is made until it is disabled, has expired or is gone, whoever does that.</summary>
[Collection(ServiceTests.Name)]
public class KeyLifeTests(ServiceFixture service)
{
    private const string Recall = "/api/v1/memory/recall?client_id=life&query=x";

    [Fact]
    public async Task a_key_works_at_once_and_ends_at_once_when_the_api_disables_expires_or_deletes_it()
    {
        foreach (var end in new object[] { new { disabled = true }, new { expires_at = "2020-01-01T00:00:00Z" } })
        {
            var key = await service.Client.CreateKeyAsync("agent", "life");
            Assert.Equal(200, (await service.Client.AskAsync(key, "GET", Recall)).Status);
            await service.Client.ChangeKeyAsync(key, end);
            Assert.Equal(401, (await service.Client.AskAsync(key, "GET", Recall)).Status);
            await service.Client.ChangeKeyAsync(key, new { disabled = false, expires_at = (string?)null });
            Assert.Equal(200, (await service.Client.AskAsync(key, "GET", Recall)).Status);
            await service.SendAsync(HttpMethod.Delete, $"{KeyCalls.Keys}/{key.Id}");
            Assert.Equal(401, (await service.Client.AskAsync(key, "GET", Recall)).Status);
        }
    }

    [Theory]
    [InlineData("update api_keys set disabled_at = clock_timestamp() where id = '{id}'")]
    // Who disables a key means it, also when its clock is ahead.
    [InlineData("update api_keys set disabled_at = clock_timestamp() + interval '1 hour' where id = '{id}'")]
    [InlineData("update api_keys set expires_at = clock_timestamp() where id = '{id}'")]
    [InlineData("delete from api_keys where id = '{id}'")]
    [InlineData("update api_keys set key_hash = sha256('another than {id}') where id = '{id}'")]
    public async Task a_key_ends_when_plain_sql_ends_it(string statement)
    {
        var key = await service.Client.CreateKeyAsync("agent", "life");
        Assert.Equal(200, (await service.Client.AskAsync(key, "GET", Recall)).Status);
        await service.Database.PsqlAsync(statement.Replace("{id}", key.Id, StringComparison.Ordinal));
        await service.Client.AskUntilAsync(401, key, "GET", Recall);
    }

    [Fact]
    public async Task a_key_made_by_plain_sql_works()
    {
        var key = new TestKey("", $"made-by-hand-{Guid.NewGuid():N}");
        Assert.Equal(401, (await service.Client.AskAsync(key, "GET", Recall)).Status);
        await service.Database.PsqlAsync($"insert into api_keys (name, key_hash, client_ids) values ('by hand', sha256('{key.Secret}'), '{{life}}')");
        await service.Client.AskUntilAsync(200, key, "GET", Recall);
        await service.Database.PsqlAsync($"update api_keys set client_ids = '{{other}}' where key_hash = sha256('{key.Secret}')");
        await service.Client.AskUntilAsync(403, key, "GET", Recall);
    }

    [Fact]
    public async Task no_unknown_disabled_expired_and_deleted_keys_get_the_same_answer()
    {
        var disabled = await service.Client.CreateKeyAsync("agent", "life");
        var expired = await service.Client.CreateKeyAsync("agent", "life");
        var deleted = await service.Client.CreateKeyAsync("agent", "life");
        await service.Client.ChangeKeyAsync(disabled, new { disabled = true });
        await service.Client.ChangeKeyAsync(expired, new { expires_at = "2020-01-01T00:00:00Z" });
        await service.SendAsync(HttpMethod.Delete, $"{KeyCalls.Keys}/{deleted.Id}");
        foreach (var (method, path) in new[] { ("GET", Recall), ("POST", "/api/v1/memory/remember"), ("GET", "/nothing"), ("DELETE", KeyCalls.Keys) })
        {
            var without = await service.Client.AskAsync(null, method, path);
            Assert.Equal((401, "unauthorized"), (without.Status, without.Code));
            foreach (var key in new[] { disabled, expired, deleted, new TestKey("", "pm_unknown") })
            {
                Assert.Equal(without, await service.Client.AskAsync(key, method, path));
            }
        }
    }

    [Fact]
    public async Task two_keys_overlap_while_one_replaces_the_other()
    {
        var old = await service.Client.CreateKeyAsync("agent", "life");
        var next = await service.Client.CreateKeyAsync("agent", "life");
        Assert.Equal(200, (await service.Client.AskAsync(old, "GET", Recall)).Status);
        Assert.Equal(200, (await service.Client.AskAsync(next, "GET", Recall)).Status);
        await service.Client.ChangeKeyAsync(old, new { disabled = true });
        Assert.Equal(401, (await service.Client.AskAsync(old, "GET", Recall)).Status);
        Assert.Equal(200, (await service.Client.AskAsync(next, "GET", Recall)).Status);
    }

    [Fact]
    public async Task the_last_use_alone_does_not_make_processes_read_all_keys_again()
    {
        var key = await service.Client.CreateKeyAsync("agent", "life");
        Assert.Equal("t", await service.Database.PsqlAsync(
            $"""
            begin;
            create temporary table before on commit drop as select version from access_head;
            update api_keys set last_used_at = clock_timestamp() where id = '{key.Id}';
            select version = (select version from before) from access_head;
            rollback
            """));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("256")]
    [InlineData("257")]
    [InlineData("7000")]
    [InlineData("ünïcödé \U0001F511")]
    [InlineData("a,b")]
    [InlineData("' or 1=1 --")]
    public async Task strange_keys_are_unknown_and_harm_nobody(string text)
    {
        var secret = int.TryParse(text, out var length) ? new string('k', length) : text;
        var bytes = Encoding.UTF8.GetBytes($"GET {Recall} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401 ", await SendRawAsync(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Bearer \xFF\xFE\r\n", "400")]
    [InlineData("Authorization: Bearer a\0b\r\n", "400")]
    [InlineData("Authorization: Bearer {key}\r\nAuthorization: Bearer {key}\r\n", "401")]
    [InlineData("Authorization: Bearer {key}\r\nAuthorization: Bearer wrong\r\n", "401")]
    [InlineData("Authorization: bearer   {key}  \r\n", "200")]
    [InlineData("Authorization: Token {key}\r\n", "401")]
    [InlineData("Authorization:\r\nCookie: pm_session={key}\r\n", "401")]
    [InlineData("Cookie: pm_session={key}; pm_session=; =; ;;\r\n", "401")]
    [InlineData("X-Api-Key: {key}\r\n", "401")]
    public async Task strange_headers_are_refused(string headers, string status)
    {
        var key = await service.Client.CreateKeyAsync("agent", "life");
        var head = $"GET {Recall} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers.Replace("{key}", key.Secret, StringComparison.Ordinal)}\r\n";
        Assert.StartsWith($"HTTP/1.1 {status} ", await SendRawAsync(Encoding.Latin1.GetBytes(head)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_hash_is_no_key()
    {
        var key = await service.Client.CreateKeyAsync("agent", "life");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key.Secret));
        foreach (var secret in new[] { Convert.ToHexStringLower(hash), Convert.ToBase64String(hash), key.Id, key.Secret[..11], key.Secret[..^1], key.Secret + "x" })
        {
            Assert.Equal(401, (await service.Client.AskAsync(new TestKey("", secret), "GET", Recall)).Status);
        }
    }

    private async Task<string> SendRawAsync(byte[] request)
    {
        var address = service.Client.BaseAddress!;
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
