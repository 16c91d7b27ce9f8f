namespace Actors.Extraction;

/// <summary>Counts a text's Unicode code points up to places that are asked for, as Postgres counts characters; one pass when they are in order.</summary>
internal sealed class CodePoints(string text)
{
    private int _at;
    private int _points;

    /// <summary>How many code points lie before a UTF-16 place. Half a surrogate pair counts as one.</summary>
    public int Of(int place)
    {
        if (place < _at)
        {
            (_at, _points) = (0, 0);
        }

        while (_at < place)
        {
            _at += char.IsSurrogatePair(text, _at) ? 2 : 1;
            _points++;
        }

        return _points;
    }
}
