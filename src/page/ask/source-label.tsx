/** A document's name, cut in the middle of the row if it is long, and the place in it, which is never cut. */
export const SourceLabel = ({ name, place }: { readonly name: string; readonly place: string }) => (
  <>
    <span class="source-name">{name}</span>
    <span class="source-place">{place}</span>
  </>
)
