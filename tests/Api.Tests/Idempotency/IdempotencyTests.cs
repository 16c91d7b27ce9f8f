namespace Actors.Api.Tests.Idempotency;

[Collection(ServiceTests.Name)]
public class IdempotencyTests(ServiceFixture service)
{
    public static TheoryData<string> Posts => [.. IdempotentPost.Names];

    [Theory, MemberData(nameof(Posts))]
    public async Task a_repeat_gets_the_first_answer_and_has_no_effect(string name)
    {
        var client = service.NewClient();
        var post = await IdempotentPost.PrepareAsync(name, service.Client, client);
        var first = await post.SendAsync(service.Client, $"{name} 1");
        Assert.True(first.Status is 200 or 201, first.Answer);
        Assert.False(first.IsReplay);
        var version = await service.Database.PsqlAsync(IdempotentPost.VersionOf(client));
        Assert.Equal(first with { IsReplay = true }, await post.SendAsync(service.Client, $"{name} 1"));
        Assert.Equal(version, await service.Database.PsqlAsync(IdempotentPost.VersionOf(client)));
    }

    [Theory, MemberData(nameof(Posts))]
    public async Task of_eight_at_once_one_has_an_effect_and_all_get_its_answer(string name)
    {
        var client = service.NewClient();
        var post = await IdempotentPost.PrepareAsync(name, service.Client, client);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => post.SendAsync(service.Client, $"{name} 8")));
        Assert.True(answers[0].Status is 200 or 201, answers[0].Answer);
        Assert.Single(answers.Select(a => (a.Status, a.Answer)).Distinct());
        Assert.Single(answers, a => !a.IsReplay);
        var version = await service.Database.PsqlAsync(IdempotentPost.VersionOf(client));
        await post.SendAsync(service.Client, $"{name} 8");
        Assert.Equal(version, await service.Database.PsqlAsync(IdempotentPost.VersionOf(client)));
    }

    [Theory, MemberData(nameof(Posts))]
    public async Task the_key_with_another_body_or_query_is_refused(string name)
    {
        var post = await IdempotentPost.PrepareAsync(name, service.Client, service.NewClient());
        await post.SendAsync(service.Client, $"{name} 2");
        var other = await IdempotentPost.PrepareAsync(name, service.Client, service.NewClient());
        var (status, answer, _) = await (post with { Path = post.Path + (post.Path.Contains('?') ? "&x=1" : "?x=1") }).SendAsync(service.Client, $"{name} 2");
        Assert.True(status is 400 or 422, answer);
        if (other.Path == post.Path)
        {
            (status, answer, _) = await other.SendAsync(service.Client, $"{name} 2");
            Assert.Equal(422, status);
            Assert.Contains("idempotency_key_reused", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_refusal_is_repeated_even_when_it_would_not_be_refused_any_more()
    {
        var client = service.NewClient();
        var taken = await IdempotentPost.PrepareAsync("update fact", service.Client, client);
        var create = await IdempotentPost.PrepareAsync("create fact", service.Client, client);
        var first = await create.SendAsync(service.Client, "key 3");
        Assert.Equal(409, first.Status);
        var (status, _) = await service.PostAsync(taken.Path.Replace("/update", "/retract", StringComparison.Ordinal), new { reason = "x" });
        Assert.Equal(200, status);

        Assert.Equal(first with { IsReplay = true }, await create.SendAsync(service.Client, "key 3"));
        Assert.Equal(201, (await create.SendAsync(service.Client, "key 4")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    public async Task a_key_that_is_none_is_refused(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/memory/remember")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { content = "a", client_id = service.NewClient() }),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task a_key_longer_than_255_characters_is_refused()
    {
        var post = await IdempotentPost.PrepareAsync("remember", service.Client, service.NewClient());
        Assert.Equal(400, (await post.SendAsync(service.Client, new string('k', 256))).Status);
        Assert.Equal(201, (await post.SendAsync(service.Client, new string('k', 255))).Status);
    }

    [Fact]
    public async Task a_key_whose_24_hours_are_over_may_be_used_again()
    {
        var client = service.NewClient();
        var post = await IdempotentPost.PrepareAsync("remember", service.Client, client);
        var first = await post.SendAsync(service.Client, "key 5");
        await service.Database.PsqlAsync(
            $"update idempotency_keys set created_at = created_at - interval '25 hours', expires_at = expires_at - interval '25 hours' where client_id = '{client}'");
        var second = await post.SendAsync(service.Client, "key 5");
        Assert.Equal((201, false), (second.Status, second.IsReplay));
        Assert.NotEqual(first.Answer, second.Answer);
    }
}
