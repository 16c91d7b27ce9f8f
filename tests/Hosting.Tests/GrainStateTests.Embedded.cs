using Orleans.Storage;

namespace Actors.Hosting.Tests;

/// <summary>Orleans' PostgreSQL store tells neither version in the exception.</summary>
public sealed partial class GrainStateTests
{
    [Fact]
    public async Task a_write_with_a_stale_etag_names_both_versions()
    {
        await Grain.SetAsync("one");
        await WriteElsewhereAsync("from elsewhere");

        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => Grain.SetAsync("two"));

        Assert.Equal("2", conflict.StoredEtag);
        Assert.Equal("1", conflict.CurrentEtag);
    }
}
