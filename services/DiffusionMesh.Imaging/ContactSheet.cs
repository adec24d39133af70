namespace DiffusionMesh.Imaging;

/// <summary>One picture of a contact sheet with its captions beneath.</summary>
/// <param name="Image">Grey or RGB; pictures of a sheet may differ in size.</param>
/// <param name="Captions">
/// Lines of digits, letters (drawn in upper case) and the marks <c>. , : - + = / % # * ( )</c>; other
/// characters are drawn as a box, and a line longer than the picture is wide is cut.
/// </param>
/// <param name="Highlighted">Whether to frame it.</param>
public sealed record ContactSheetCell(PixelImage Image, IReadOnlyList<string> Captions, bool Highlighted = false);

/// <summary>Lays pictures out in a grid, row by row from the top left.</summary>
public static class ContactSheet
{
    private const int Margin = 6;
    private const int LineHeight = BitmapFont.GlyphHeight + 3;
    private const int Frame = 3;

    private static readonly Rgb Background = new(255, 255, 255);
    private static readonly Rgb Ink = new(40, 40, 40);
    private static readonly Rgb Highlight = new(214, 84, 0);

    /// <summary>Composes an RGB image.</summary>
    /// <param name="cells">At least one.</param>
    /// <param name="columns">Pictures a row, at least 1; null for a sheet about as wide as high.</param>
    /// <param name="scale">Pixels a side that every pixel of a picture takes (nearest neighbour), at least 1.</param>
    public static PixelImage Compose(IReadOnlyList<ContactSheetCell> cells, int? columns = null, int scale = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells.Count, 1, nameof(cells));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns ?? 1, 1, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);

        var across = Math.Min(columns ?? (int)Math.Ceiling(Math.Sqrt(cells.Count)), cells.Count);
        var down = (cells.Count + across - 1) / across;
        var pictureWidth = cells.Max(cell => cell.Image.Width) * scale;
        var pictureHeight = cells.Max(cell => cell.Image.Height) * scale;
        var textHeight = cells.Max(cell => cell.Captions.Count) * LineHeight;
        var cellWidth = pictureWidth + (2 * Margin);
        var cellHeight = pictureHeight + textHeight + (2 * Margin);

        var canvas = new Canvas(across * cellWidth, down * cellHeight, Background);
        for (var i = 0; i < cells.Count; i++)
        {
            var left = (i % across * cellWidth) + Margin;
            var top = (i / across * cellHeight) + Margin;
            DrawCell(canvas, cells[i], left, top, pictureWidth, pictureHeight, scale);
        }

        return canvas.ToImage();
    }

    private static void DrawCell(
        Canvas canvas, ContactSheetCell cell, int left, int top, int pictureWidth, int pictureHeight, int scale)
    {
        if (cell.Highlighted)
        {
            canvas.Fill(left - Frame, top - Frame, pictureWidth + (2 * Frame), pictureHeight + (2 * Frame), Highlight);
        }

        canvas.Draw(cell.Image, left, top, scale);
        for (var line = 0; line < cell.Captions.Count; line++)
        {
            var caption = cell.Captions[line];
            var fits = Math.Min(caption.Length, (pictureWidth + 1) / BitmapFont.Advance);
            var indent = (pictureWidth - ((fits * BitmapFont.Advance) - 1)) / 2;
            var y = top + pictureHeight + Frame + 1 + (line * LineHeight);
            canvas.Write(caption[..fits], left + Math.Max(0, indent), y, 1, cell.Highlighted ? Highlight : Ink);
        }
    }
}
