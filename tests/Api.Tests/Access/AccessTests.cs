using System.Net.Http.Headers;

namespace Actors.Api.Tests.Access;

[Collection(ServiceTests.Name)]
public class AccessTests(ServiceFixture service)
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic cG06cG0=")]
    public async Task without_the_key_every_route_but_health_is_401(string? authorization)
    {
        using var client = new HttpClient { BaseAddress = service.Client.BaseAddress };
        if (authorization is not null)
        {
            Assert.True(client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization));
        }

        foreach (var path in new[] { "/api/v1/memory/recall?client_id=1&query=x", "/api/v1/memory/events/1", "/metrics", "/nothing" })
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(401, (int)response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        }

        foreach (var path in new[] { "/health", "/health/ready" })
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task the_key_file_is_readable_by_its_owner_alone_and_stays_the_same()
    {
        var file = Path.Combine(service.DataFolder, "admin.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var key = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim();
        Assert.Equal(new AuthenticationHeaderValue("Bearer", key), service.Client.DefaultRequestHeaders.Authorization);
        Assert.Equal(key, Actors.Access.AdminKeyFile.ReadOrCreate(service.DataFolder));
    }

    [Fact]
    public void a_key_file_that_holds_no_key_is_an_error_not_a_new_key()
    {
        var folder = Directory.CreateTempSubdirectory("key-test-");
        File.WriteAllText(Path.Combine(folder.FullName, "admin.key"), "");
        Assert.Throws<IOException>(() => Actors.Access.AdminKeyFile.ReadOrCreate(folder.FullName));
        folder.Delete(recursive: true);
    }
}
