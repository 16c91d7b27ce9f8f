using Actors.Support;

namespace Actors.Api.Tests.Idempotency;

/// <summary>The service dies between the commit and its answer.</summary>
public class LostAnswerTests
{
    public static TheoryData<string> Posts => [.. IdempotentPost.Names];

    [Theory, MemberData(nameof(Posts))]
    public async Task a_repeat_after_kill_9_between_commit_and_answer_gets_the_answer(string name)
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var folder = TestFolder.Create();
        await using var proxy = new SilencingProxy(database.ConnectionString, "select keep_answers");
        IdempotentPost post;
        await using (var service = await ServiceProcess.StartAsync(folder.Path, "--postgres", proxy.ConnectionString))
        {
            post = await IdempotentPost.PrepareAsync(name, service.Client, "1");
            var lost = post.SendAsync(service.Client, "key");
            while (await database.PsqlAsync("select count(*) from idempotency_keys") == "0")
            {
            }

            await service.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        }

        var version = await database.PsqlAsync(IdempotentPost.VersionOf("1"));
        await using var restarted = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString);
        var (status, answer, isReplay) = await post.SendAsync(restarted.Client, "key");
        Assert.True(status is 200 or 201, answer);
        Assert.True(isReplay);
        Assert.Equal(version, await database.PsqlAsync(IdempotentPost.VersionOf("1")));
        Assert.Equal((status, answer, true), await post.SendAsync(restarted.Client, "key"));
    }
}
