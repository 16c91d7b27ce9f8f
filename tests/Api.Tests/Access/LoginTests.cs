using System.Security.Cryptography;
using System.Text;

namespace Actors.Api.Tests.Access;

/// <summary>Signing in with a browser.</summary>
[Collection(ServiceTests.Name)]
public class LoginTests(ServiceFixture service)
{
    private const string List = "/api/v1/memory/events?client_id=login";
    private const string Remember = "/api/v1/memory/remember";

    // Each another one: a repeat would not be stored.
    private static string Memory => $$"""{"client_id": "login", "content": "written by a page {{Guid.NewGuid()}}"}""";

    [Fact]
    public async Task the_form_needs_nothing_from_anywhere()
    {
        var page = await service.Client.AskAsync(null, "GET", "/login");
        Assert.Equal(200, page.Status);
        Assert.Contains("Content-Type: text/html; charset=utf-8\n", page.Headers, StringComparison.Ordinal);
        var style = page.Body.Split("<style>")[1].Split("</style>")[0];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"Content-Security-Policy: default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; ", page.Headers, StringComparison.Ordinal);
        Assert.Contains("Cache-Control: no-store\n", page.Headers, StringComparison.Ordinal);
        Assert.Contains("<form method=\"post\" action=\"/login?return=%2Fdocs\">", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_key_is_exchanged_for_a_cookie_that_reads_and_writes_until_signing_out()
    {
        var key = await service.Client.CreateKeyAsync("agent", "login");
        var answer = await service.Client.PostFormAsync("/login?return=/docs%3Fa%3Db", $"key={key.Secret}");
        Assert.Equal(303, answer.Status);
        Assert.Contains("Location: /docs?a=b\n", answer.Headers, StringComparison.Ordinal);
        Assert.Matches("(?m)^Set-Cookie: pm_session=[A-Za-z0-9_-]{43}; max-age=43200; path=/; samesite=strict; httponly$", answer.Headers);
        Assert.DoesNotContain(key.Secret, answer.Headers + answer.Body, StringComparison.Ordinal);

        var cookie = Cookies.Of(answer);
        Assert.Equal(200, (await service.Client.AskAsync("GET", List, null, [cookie])).Status);
        Assert.Equal(201, (await service.Client.AskAsync("POST", Remember, Memory, [cookie, ("Sec-Fetch-Site", "same-origin")])).Status);
        Assert.Equal(403, (await service.Client.AskAsync("GET", List.Replace("login", "other", StringComparison.Ordinal), null, [cookie])).Status);
        Assert.Equal(403, (await service.Client.AskAsync("GET", KeyCalls.Keys, null, [cookie])).Status);
        Assert.Contains("Signed in with the key test agent.", (await service.Client.AskAsync("GET", "/login", null, [cookie])).Body, StringComparison.Ordinal);

        var end = await service.Client.AskAsync("POST", "/logout", "", [cookie], Cookies.FormType);
        Assert.Equal(303, end.Status);
        Assert.Contains("Location: /login\n", end.Headers, StringComparison.Ordinal);
        Assert.Matches("(?m)^Set-Cookie: pm_session=; expires=Thu, 01 Jan 1970", end.Headers);
        Assert.Equal(401, (await service.Client.AskAsync("GET", List, null, [cookie])).Status);
        Assert.Equal(200, (await service.Client.AskAsync(key, "GET", List)).Status);

        Assert.DoesNotContain(key.Secret, service.Service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(cookie.Value["pm_session=".Length..], service.Service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_admin_key_of_the_file_signs_in_too()
    {
        var cookie = await service.Client.SignInAsync(new TestKey("", service.Client.DefaultRequestHeaders.Authorization!.Parameter!));
        Assert.Equal(200, (await service.Client.AskAsync("GET", KeyCalls.Keys, null, [cookie])).Status);
    }

    [Fact]
    public async Task disabling_a_key_ends_its_sessions()
    {
        var key = await service.Client.CreateKeyAsync("agent", "login");
        var cookie = await service.Client.SignInAsync(key);
        Assert.Equal(200, (await service.Client.AskAsync("GET", List, null, [cookie])).Status);
        await service.Client.ChangeKeyAsync(key, new { disabled = true });
        Assert.Equal(401, (await service.Client.AskAsync("GET", List, null, [cookie])).Status);
    }

    [Fact]
    public async Task what_a_key_may_do_its_sessions_may_do()
    {
        var key = await service.Client.CreateKeyAsync(new { name = "session", role = "reader", client_ids = new[] { "login" }, rate_limit_per_minute = 4 });
        var cookie = await service.Client.SignInAsync(key);
        Assert.Equal(200, (await service.Client.AskAsync("GET", List, null, [cookie])).Status);
        Assert.Equal("role_forbidden", (await service.Client.AskAsync("POST", Remember, Memory, [cookie])).Code);
        Assert.Equal(200, (await service.Client.AskAsync(key, "GET", List)).Status);
        Assert.Equal(429, (await service.Client.AskAsync("GET", List, null, [cookie])).Status);
        Assert.Equal(429, (await service.Client.PostFormAsync("/login", $"key={key.Secret}")).Status);
    }

    [Theory]
    [InlineData("key=wrong", 401)]
    [InlineData("key=", 401)]
    [InlineData("", 401)]
    [InlineData("other=1", 401)]
    [InlineData("key=KEY&key=KEY", 401)]
    [InlineData("key=%00%ff%", 401)]
    [InlineData("key=+KEY+", 303)]
    public async Task only_a_key_that_is_known_signs_in(string form, int status)
    {
        var key = await service.Client.CreateKeyAsync("agent", "login");
        var answer = await service.Client.PostFormAsync("/login", form.Replace("KEY", key.Secret, StringComparison.Ordinal));
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 303, answer.Headers.Contains("Set-Cookie", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_form_has_at_most_4_KiB_and_is_a_form()
    {
        Assert.Equal(401, (await service.Client.PostFormAsync("/login", "key=" + new string('x', 4_092))).Status);
        var large = await service.Client.PostFormAsync("/login", "key=" + new string('x', 4_093));
        Assert.Equal((413, "body_too_large"), (large.Status, large.Code));
        var json = await service.Client.AskAsync("POST", "/login", """{"key": "x"}""", []);
        Assert.Equal((415, "unsupported_media_type"), (json.Status, json.Code));
    }

    [Theory]
    [InlineData("/docs/x?y=1%262", "/docs/x?y=1&2")]
    [InlineData("https://evil.example/", "/docs")]
    [InlineData("//evil.example/", "/docs")]
    [InlineData("/%5Cevil.example/", "/docs")]
    [InlineData("/%09/evil.example/", "/docs")]
    [InlineData("%5C%5Cevil.example/", "/docs")]
    [InlineData("docs", "/docs")]
    [InlineData("javascript:alert(1)", "/docs")]
    [InlineData("/a%0d%0aSet-Cookie:x=y", "/docs")]
    [InlineData("/%C3%A4", "/docs")]
    [InlineData("", "/docs")]
    public async Task signing_in_leads_to_an_address_of_this_service(string asked, string expected)
    {
        var key = await service.Client.CreateKeyAsync("agent", "login");
        var answer = await service.Client.PostFormAsync($"/login?return={asked}", $"key={key.Secret}");
        Assert.Contains($"Location: {expected}\n", answer.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_is_shown_is_text_not_markup()
    {
        var key = await service.Client.CreateKeyAsync(new { name = "<script>alert(1)</script>" });
        var page = await service.Client.AskAsync("GET", "/login?return=/%22%3E%3Cscript%3E", null, [await service.Client.SignInAsync(key)]);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task behind_a_proxy_with_tls_the_cookie_is_secure()
    {
        var key = await service.Client.CreateKeyAsync("agent", "login");
        var answer = await service.Client.AskAsync("POST", "/login", $"key={key.Secret}", [("X-Forwarded-Proto", "https")], Cookies.FormType);
        Assert.Matches("(?m)^Set-Cookie: pm_session=.*; secure;", answer.Headers);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "none", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://HOST.evil.example", false)]
    [InlineData("Origin", "http://HOST", true)]
    [InlineData("Origin", "https://HOST", true)]
    [InlineData("X-Nothing", "at all", true)]
    public async Task a_cookie_writes_only_for_pages_of_this_service(string header, string value, bool isAllowed)
    {
        var key = await service.Client.CreateKeyAsync("agent", "login");
        var cookie = await service.Client.SignInAsync(key);
        var sender = (header, value.Replace("HOST", service.Client.BaseAddress!.Authority, StringComparison.Ordinal));

        var write = await service.Client.AskAsync("POST", Remember, Memory, [cookie, sender]);
        Assert.Equal(isAllowed ? (201, null) : (403, "cross_site_request"), (write.Status, write.Code));

        var signIn = await service.Client.AskAsync("POST", "/login", $"key={key.Secret}", [sender], Cookies.FormType);
        Assert.Equal(isAllowed ? 303 : 403, signIn.Status);
        Assert.Equal(isAllowed, signIn.Headers.Contains("Set-Cookie", StringComparison.Ordinal));

        Assert.Equal(isAllowed ? 303 : 403, (await service.Client.AskAsync("POST", "/logout", "", [cookie, sender], Cookies.FormType)).Status);
        Assert.Equal(isAllowed ? 401 : 200, (await service.Client.AskAsync("GET", List, null, [cookie])).Status);

        // A key in the header is no ambient authority: who sends it knows it.
        Assert.Equal(201, (await service.Client.AskAsync("POST", Remember, Memory, [sender, ("Authorization", $"Bearer {key.Secret}")])).Status);
    }

    [Fact]
    public async Task a_wrong_key_in_the_header_is_not_made_up_for_by_a_cookie()
    {
        var cookie = await service.Client.SignInAsync(await service.Client.CreateKeyAsync("agent", "login"));
        Assert.Equal(401, (await service.Client.AskAsync("GET", List, null, [cookie, ("Authorization", "Bearer wrong")])).Status);
    }
}

/// <summary>Cookies of sessions.</summary>
internal static class Cookies
{
    public const string FormType = "application/x-www-form-urlencoded";

    public static Task<Answer> PostFormAsync(this HttpClient client, string path, string form) => client.AskAsync("POST", path, form, [], FormType);

    /// <summary>The header that a browser which has signed in sends.</summary>
    public static async Task<(string Name, string Value)> SignInAsync(this HttpClient client, TestKey key)
    {
        var answer = await client.PostFormAsync("/login", $"key={key.Secret}");
        Assert.True(answer.Status == 303, answer.Body);
        return Of(answer);
    }

    public static (string Name, string Value) Of(Answer answer)
    {
        const string header = "Set-Cookie: ";
        var line = answer.Headers.Split('\n').Single(text => text.StartsWith(header, StringComparison.Ordinal));
        return ("Cookie", line[header.Length..].Split(';')[0]);
    }
}
