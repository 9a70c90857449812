"""Parameters that several tools share."""

from typing import Annotated, Any

from pydantic import Field

Directory = Annotated[str, Field(description="Directory of the project's .tf files, inside the allowed folders")]
PlanId = Annotated[
    str | None, Field(description="plan_id of an earlier answer; default: the last plan shown for this directory")
]
Timeout = Annotated[float, Field(gt=0, le=86_400, description="Seconds until terraform is interrupted")]
Offset = Annotated[int, Field(ge=0, description="Item to begin at")]
Limit = Annotated[int, Field(ge=1, le=1000, description="Items at most")]
Variables = Annotated[
    dict[str, Any] | None, Field(description="Values for variables of the root module; handed over in a private file")
]
Paths = Annotated[list[str] | None, Field(description="Variable files, relative to the directory")]
Addresses = Annotated[list[str] | None, Field(description="Addresses of resources or modules")]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][\w.-]*$", max_length=200)]
